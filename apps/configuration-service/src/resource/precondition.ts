import { matches, parseEntityTags, type EntityTags } from './entity-tag';
import { ResourceChanged } from './resource.errors';

/** What has to be true of a resource for a write to happen. */
export interface Precondition {
  readonly ifMatch?: EntityTags;
  readonly ifNoneMatch?: EntityTags;
}

export interface ConditionalHeaders {
  readonly 'if-match'?: string;
  readonly 'if-none-match'?: string;
}

/** @throws BadRequest */
export function preconditionOf(headers: ConditionalHeaders): Precondition {
  const ifMatch = parseEntityTags('If-Match', headers['if-match'], 'strong');
  const ifNoneMatch = parseEntityTags('If-None-Match', headers['if-none-match'], 'weak');
  return { ...(ifMatch !== undefined && { ifMatch }), ...(ifNoneMatch !== undefined && { ifNoneMatch }) };
}

/**
 * @param current tag of what is there; undefined when there is nothing
 * @throws ResourceChanged
 */
export function assertHolds({ ifMatch, ifNoneMatch }: Precondition, what: string, current: string | undefined): void {
  const isViolated =
    (ifMatch !== undefined && !matches(ifMatch, current)) ||
    (ifNoneMatch !== undefined && matches(ifNoneMatch, current));
  if (isViolated) {
    throw new ResourceChanged(what);
  }
}
