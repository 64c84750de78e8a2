import { defineCommand } from '../../command-line/command';
import { anyProjectFlag, serviceFlag, stageFlag } from '../../command-line/shared-flags';
import { limitOf, showRuns } from './show-runs';

export const getRuns = defineCommand({
  words: ['get', 'runs'],
  aliases: ['run'],
  summary: 'Show what is under way in which stage, since when, and what it waits for',
  details: 'A run is everything that happens in one Keptn context: a delivery, an evaluation or a remediation.',
  flags: {
    project: anyProjectFlag,
    stage: stageFlag,
    service: serviceFlag,
    kind: { value: 'kind', choices: ['delivery', 'evaluation', 'remediation'], summary: 'Only runs of this kind' },
    state: { value: 'state', choices: ['open', 'finished'], summary: 'Only runs that are under way, or are not' },
    keptnContext: { value: 'id', summary: 'Only the run of this Keptn context' },
    image: {
      value: 'image',
      summary: 'Only runs of this image, with or without its tag, such as carts:0.11.1, or of this tag',
    },
    label: { value: 'key=value', summary: 'Only runs with this label; with any value where only the key is given' },
    fromTime: { value: 'time', summary: 'Only runs that began then or later, such as 2026-01-31T10:15:30Z' },
    beforeTime: { value: 'time', summary: 'Only runs that began earlier' },
    limit: { value: 'number', summary: 'How many; 20 unless given' },
  },
  examples: [
    { command: 'keptn get runs --state=open', says: 'What is under way, everywhere' },
    { command: 'keptn get runs --project=sockshop --label=build=17 -o json', says: 'Those of a build, with all steps' },
  ],
  run: async ({ limit, kind, state, ...search }, session) => {
    const { shipyardController } = await session.connect();
    const choices = { kind, state } as { kind?: 'delivery'; state?: 'open' };
    await showRuns(await shipyardController.runs({ ...search, ...choices }, limitOf(limit)), session);
  },
});
