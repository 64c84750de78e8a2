import { defineCommand } from '../../command-line/command';
import { dryRunFlag } from '../../command-line/shared-flags';

export const invalidateEvaluation = defineCommand({
  words: ['invalidate', 'evaluation'],
  summary: 'Declare an evaluation invalid: no later one is compared with it',
  arguments: { id: { summary: 'Id of the evaluation, as "keptn get evaluations" shows it' } },
  flags: { reason: { value: 'text', required: true, summary: 'Why, for those who read it later' }, dryRun: dryRunFlag },
  examples: [
    {
      command: 'keptn invalidate evaluation 6de83495-4f83-481c-8dbe-fcceb2e0243b --reason="load test broke"',
      says: 'Take a result out of the comparison',
    },
  ],
  run: async ({ id, reason, dryRun }, session) => {
    const { lighthouse } = await session.connect({ dryRun });
    const eventId = await lighthouse.invalidate(id, reason);
    session.output.say(`Evaluation ${id} does not count any more`);
    await session.output.done({ value: { eventId }, names: [eventId] });
  },
});
