import { defineCommand } from '../../command-line/command';
import { projectFlag, serviceFlag, stageFlag } from '../../command-line/shared-flags';
import { eventColumns, eventRow, idOf } from '../../output/event-text';
import { openApprovals } from './open-approvals';

export const getApprovalTriggered = defineCommand({
  words: ['get', 'event', 'approval.triggered'],
  summary: 'Show what waits for an approval',
  flags: { project: projectFlag, stage: { ...stageFlag, required: true }, service: serviceFlag },
  examples: [
    { command: 'keptn get event approval.triggered --project=sockshop --stage=staging', says: 'All of a stage' },
    { command: 'keptn get event approval.triggered --project=sockshop --stage=staging -o name', says: 'Their ids' },
  ],
  run: async ({ project, stage, service }, session) => {
    session.output.say('Starting to get approval.triggered events');
    const events = await openApprovals({ project, stage, service }, await session.connect());
    await session.output.show({
      value: events,
      names: events.map(idOf),
      human:
        events.length === 0
          ? 'No approval.triggered events have been found'
          : { columns: ['ID', ...eventColumns], rows: events.map((event) => [idOf(event), ...eventRow(event)]) },
    });
  },
});
