import type { Subscription } from '@keptn/api-models';
import { defineCommand } from '../../command-line/command';
import { type View } from '../../output/output';

export const getSubscription = defineCommand({
  words: ['get', 'subscription'],
  aliases: ['subscriptions'],
  summary: 'List subscriptions, or show one',
  arguments: { name: { optional: true, summary: 'Name of the subscription' } },
  examples: [
    { command: 'keptn get subscriptions', says: 'All, with what they lag behind and their last error' },
    { command: 'keptn get subscription approvals -o yaml', says: 'One, with its types and filters' },
  ],
  run: async ({ name }, session) => {
    const { eventBroker } = await session.connect();
    if (name === undefined) {
      await session.output.show(viewOf(await eventBroker.subscriptions()));
      return;
    }
    const subscription = await eventBroker.subscription(name);
    await session.output.show({ ...viewOf([subscription]), value: subscription });
  },
});

function viewOf(subscriptions: readonly Subscription[]): View {
  return {
    value: subscriptions,
    names: subscriptions.map(({ name }) => `subscription/${name}`),
    human:
      subscriptions.length === 0
        ? 'No subscriptions found'
        : {
            columns: ['NAME', 'STATE', 'LAG', 'LAST SUCCESS', 'SINK', 'LAST ERROR'],
            rows: subscriptions.map(
              ({ name, state, stateReason, lag, lastSuccessAt = '', sink, failingSince, lastError = '' }) => [
                name,
                state,
                String(lag),
                lastSuccessAt,
                sink,
                stateReason ?? (failingSince === undefined ? '' : lastError),
              ],
            ),
          },
  };
}
