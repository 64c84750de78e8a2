import type { Delivery } from '@keptn/api-models';
import { defineCommand } from '../../command-line/command';
import { type View } from '../../output/output';

export const getDeliveries = defineCommand({
  words: ['get', 'deliveries'],
  aliases: ['delivery'],
  summary: 'Show what became of events, for whom they were meant',
  flags: {
    subscription: { value: 'name', summary: 'Of this subscription only' },
    eventId: { value: 'id', summary: 'Of this event only' },
    keptnContext: { value: 'context', summary: 'Of the events of this Keptn context only' },
    outcome: {
      value: 'outcome',
      choices: ['delivered', 'retrying', 'refused', 'dead'],
      summary: 'Only those that came to this',
    },
    limit: { value: 'number', summary: 'How many; 20 unless given' },
  },
  examples: [
    { command: 'keptn get deliveries --subscription=approvals', says: 'The latest of a subscription' },
    { command: 'keptn get deliveries --outcome=dead', says: 'What was given up' },
  ],
  run: async ({ limit, outcome, ...search }, session) => {
    const { eventBroker } = await session.connect();
    const deliveries = await eventBroker.deliveries({
      ...search,
      outcome: outcome as Delivery['outcome'] | undefined,
      pageSize: limit,
    });
    await session.output.show(viewOfDeliveries(deliveries));
  },
});

export function viewOfDeliveries(deliveries: readonly Delivery[]): View {
  return {
    value: deliveries,
    names: deliveries.map(({ subscription, sequence }) => `delivery/${subscription}/${sequence}`),
    human:
      deliveries.length === 0
        ? 'No deliveries found'
        : {
            columns: ['SUBSCRIPTION', 'NUMBER', 'TYPE', 'OUTCOME', 'ATTEMPTS', 'LAST ATTEMPT', 'ANSWER'],
            rows: deliveries.map(({ subscription, sequence, type, outcome, attemptCount, lastAttemptAt, attempts }) => [
              subscription,
              String(sequence),
              type,
              outcome,
              String(attemptCount),
              lastAttemptAt,
              String(attempts.at(-1)?.status ?? attempts.at(-1)?.error ?? ''),
            ]),
          },
  };
}
