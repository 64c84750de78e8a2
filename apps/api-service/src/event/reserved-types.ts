import { KeptnEventType } from '@keptn/event-models';

/** Types that tell of a change which this API makes itself, and the route that makes it. */
export const RESERVED_TYPES: ReadonlyMap<string, string> = new Map([
  [KeptnEventType.projectCreate, 'POST /v1/project'],
  [KeptnEventType.projectDelete, 'DELETE /v1/project/{project}'],
  [KeptnEventType.serviceCreate, 'POST /v1/project/{project}/service'],
  [KeptnEventType.serviceDelete, 'DELETE /v1/project/{project}/service/{service}'],
]);
