import { route } from '../contract/route';

export const openWebsocket = route({
  method: 'GET',
  path: '/websocket',
  scope: 'ticket',
  tag: 'Websocket',
  summary: 'Follow how a request goes on, with a websocket client',
  description:
    'With a ticket and the id of a channel a client reads the messages of a Keptn context (`sh.keptn.events.log`), the last ' +
    'of which has `terminate: true`. With a ticket alone a service writes messages. The API token is not needed. Answers to ' +
    'the creation and deletion of projects and services say which ticket and channel; failures say it in headers of the same ' +
    'names.',
  headers: {
    Token: { required: true, description: 'The ticket: `token` of the eventContext' },
    'Keptn-Ws-Channel-Id': {
      description: 'The channel: `keptnContext` of the eventContext; left out by services that write',
    },
  },
  answers: { 101: { description: 'The websocket is open' } },
  errors: ['UNAUTHENTICATED', 'UPGRADE_REQUIRED'],
});
