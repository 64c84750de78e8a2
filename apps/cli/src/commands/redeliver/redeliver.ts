import { defineCommand } from '../../command-line/command';
import { Failure } from '../../failures/failure';
import { viewOfDeliveries } from '../get/get-deliveries';

export const redeliver = defineCommand({
  words: ['redeliver'],
  summary: 'Deliver an event again, at once',
  arguments: {
    subscription: { summary: 'Name of the subscription' },
    number: { summary: 'Number of the event, as "keptn get deliveries" shows it' },
  },
  examples: [{ command: 'keptn redeliver approvals 4711', says: 'Try a dead letter again' }],
  run: async ({ subscription, number }, session) => {
    const { eventBroker } = await session.connect();
    const delivery = await eventBroker.redeliver(subscription, number);
    await session.output.show(viewOfDeliveries([delivery]));
    if (delivery.outcome !== 'delivered') throw new Failure('failed', 'the receiver did not accept the event');
  },
});
