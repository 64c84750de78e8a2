import { type OpenApiDescription } from '@keptn/service-kit';

export const openApi: OpenApiDescription = {
  title: 'Keptn api-service',
  description:
    'The public verbs of a Keptn control plane: create and delete projects and services, send events, start evaluations. ' +
    'What was asked for is done when the answer comes. What there is, is read from configuration-service (projects, stages, ' +
    'services, resources) and mongodb-datastore (events).',
  tags: [
    { name: 'Projects', description: 'A project is described by its shipyard, which names its stages' },
    { name: 'Services', description: 'A service belongs to a project and exists on all of its stages' },
    { name: 'Events', description: 'CloudEvents, with which everything in Keptn happens' },
    { name: 'Evaluations', description: 'Quality gates: measured values of a service against its objectives' },
    { name: 'Websocket', description: 'The progress of a request, message by message' },
    { name: 'Bridge', description: 'User and password of the web interface' },
    { name: 'Metadata', description: 'Which control plane this is' },
    { name: 'Tokens', description: 'Tokens of programs, each with what it permits' },
    { name: 'Audit', description: 'Who changed what, from where, and with which outcome' },
    { name: 'Authentication', description: 'Whether a token is right' },
  ],
};
