import { type OpenApiDescription } from '@keptn/service-kit';

export const openApi: OpenApiDescription = {
  title: 'Keptn mongodb-datastore',
  description:
    'The event log: stores every event once, answers questions about them, and shows them as they come. Events are sent ' +
    'with `POST /v1/event` of api-service.',
  tags: [
    { name: 'Events', description: 'Search them, read the trace of a Keptn context, or follow them as they come' },
    { name: 'Readers', description: 'For services that read the whole log' },
  ],
};
