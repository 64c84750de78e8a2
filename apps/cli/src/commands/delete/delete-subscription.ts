import { defineCommand } from '../../command-line/command';
import { dryRunFlag } from '../../command-line/shared-flags';

export const deleteSubscription = defineCommand({
  words: ['delete', 'subscription'],
  summary: 'Delete a subscription and the list of its deliveries',
  arguments: { name: { summary: 'Name of the subscription' } },
  flags: { dryRun: dryRunFlag },
  examples: [{ command: 'keptn delete subscription approvals', says: 'Post nothing more to its URL' }],
  run: async ({ name, dryRun }, session) => {
    const { eventBroker } = await session.connect({ dryRun });
    await eventBroker.deleteSubscription(name);
    session.output.say(`Subscription ${name} deleted`);
    await session.output.done({ value: { name }, names: [`subscription/${name}`] });
  },
});
