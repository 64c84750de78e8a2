import { type OpenApiDescription } from '@keptn/service-kit';

export const openApi: OpenApiDescription = {
  title: 'Keptn event-broker',
  description:
    'Distribution of events: takes them from services in the cluster, and hands every event of the log to everyone who waits ' +
    'for it. Who does is a subscription.',
  tags: [
    { name: 'Subscriptions', description: 'Who gets which events, and how' },
    { name: 'Deliveries', description: 'What became of events, attempt by attempt' },
    { name: 'Events', description: 'For services in the cluster' },
  ],
};
