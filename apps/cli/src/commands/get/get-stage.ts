import { defineCommand } from '../../command-line/command';
import { projectFlag } from '../../command-line/shared-flags';
import { Failure } from '../../failures/failure';

export const getStage = defineCommand({
  words: ['get', 'stage'],
  aliases: ['stages'],
  summary: 'List the stages of a project, or show one',
  arguments: { name: { optional: true, summary: 'Name of the stage', completes: 'stage' } },
  flags: { project: projectFlag },
  examples: [{ command: 'keptn get stages --project=sockshop', says: 'All stages, in their order' }],
  run: async ({ name, project }, session) => {
    const { configuration } = await session.connect();
    const stages = (await configuration.stages(project)).filter(({ stageName }) => stageName === (name ?? stageName));
    if (name !== undefined && stages.length === 0) {
      throw new Failure('notFound', `No stage ${name} found in project ${project}`);
    }
    await session.output.show({
      value: name === undefined ? stages : stages[0],
      names: stages.map(({ stageName }) => `stage/${stageName}`),
      human:
        stages.length === 0
          ? 'No stages found'
          : {
              columns: ['NAME', 'CREATION DATE', 'SERVICES'],
              rows: stages.map(({ stageName, services }) => [
                stageName,
                // The contract gives stages no date; scripts expect the column.
                'n/a',
                (services ?? []).map(({ serviceName }) => serviceName).join(','),
              ]),
            },
    });
  },
});
