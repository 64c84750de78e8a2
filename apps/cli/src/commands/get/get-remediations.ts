import { defineCommand } from '../../command-line/command';
import { anyProjectFlag, serviceFlag, stageFlag } from '../../command-line/shared-flags';
import { limitOf, showRuns } from './show-runs';

export const getRemediations = defineCommand({
  words: ['get', 'remediations'],
  aliases: ['remediation'],
  summary: 'Show the problems that are being remedied',
  flags: {
    project: anyProjectFlag,
    stage: stageFlag,
    service: serviceFlag,
    all: { summary: 'Also those that are over' },
    limit: { value: 'number', summary: 'How many; 20 unless given' },
  },
  examples: [
    { command: 'keptn get remediations', says: 'Those under way, of all projects' },
    { command: 'keptn get remediations --project=sockshop --all', says: 'The latest of a project' },
  ],
  run: async ({ limit, all, ...location }, session) => {
    const { shipyardController } = await session.connect();
    const search = { ...location, kind: 'remediation', ...(!all && { state: 'open' as const }) } as const;
    await showRuns(await shipyardController.runs(search, limitOf(limit)), session);
  },
});
