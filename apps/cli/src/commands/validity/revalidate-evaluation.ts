import { defineCommand } from '../../command-line/command';
import { dryRunFlag } from '../../command-line/shared-flags';

export const revalidateEvaluation = defineCommand({
  words: ['revalidate', 'evaluation'],
  summary: 'Take back that an evaluation is invalid',
  arguments: { id: { summary: 'Id of the evaluation, as "keptn get evaluations" shows it' } },
  flags: { reason: { value: 'text', required: true, summary: 'Why, for those who read it later' }, dryRun: dryRunFlag },
  examples: [
    {
      command: 'keptn revalidate evaluation 6de83495-4f83-481c-8dbe-fcceb2e0243b --reason="the load test was sound"',
      says: 'Let later evaluations be compared with it again',
    },
  ],
  run: async ({ id, reason, dryRun }, session) => {
    const { lighthouse } = await session.connect({ dryRun });
    const eventId = await lighthouse.revalidate(id, reason);
    session.output.say(`Evaluation ${id} counts again`);
    await session.output.done({ value: { eventId }, names: [eventId] });
  },
});
