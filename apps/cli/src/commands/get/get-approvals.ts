import { defineCommand } from '../../command-line/command';
import { anyProjectFlag, serviceFlag, stageFlag } from '../../command-line/shared-flags';

export const getApprovals = defineCommand({
  words: ['get', 'approvals'],
  aliases: ['approval'],
  summary: 'Show the releases that wait for an approval',
  flags: { project: anyProjectFlag, stage: stageFlag, service: serviceFlag },
  examples: [
    { command: 'keptn get approvals', says: 'Of all projects' },
    { command: 'keptn get approvals --project=sockshop --stage=production -o name', says: 'Their ids, for a program' },
  ],
  run: async (location, session) => {
    const { shipyardController } = await session.connect();
    const approvals = await shipyardController.openApprovals(location);
    await session.output.show({
      value: approvals,
      names: approvals.map(({ eventId }) => eventId),
      human:
        approvals.length === 0
          ? 'No approval is open'
          : {
              columns: ['ID', 'PROJECT', 'STAGE', 'SERVICE', 'IMAGE', 'EVALUATION', 'SINCE'],
              rows: approvals.map(({ eventId, project, stage, service, image = '', result, since }) => [
                ...[eventId, project, stage, service, image, result, since],
              ]),
            },
    });
  },
});
