import { eventually } from '../../api/eventually';
import { defineCommand } from '../../command-line/command';
import { dryRunFlag, projectFlag } from '../../command-line/shared-flags';
import { Failure } from '../../failures/failure';

export const deleteService = defineCommand({
  words: ['delete', 'service'],
  summary: 'Delete a service from every stage of a project',
  details: 'Git keeps its history, and the event log its events.',
  arguments: { name: { summary: 'Name of the service', completes: 'service' } },
  flags: { project: projectFlag, dryRun: dryRunFlag },
  examples: [{ command: 'keptn delete service carts --project=sockshop', says: 'Delete a service' }],
  run: async ({ name, project, dryRun }, session) => {
    const { output } = session;
    const { controlPlane, configuration } = await session.connect({ dryRun });
    const stagesWithIt = async (): Promise<string[]> =>
      ((await configuration.project(project)).stages ?? [])
        .filter(({ services }) => services?.some(({ serviceName }) => serviceName === name))
        .map(({ stageName }) => stageName);
    const stages = await stagesWithIt();
    if (stages.length === 0) {
      throw new Failure('notFound', `No service ${name} found in project ${project}`);
    }
    output.say('Starting to delete service');
    const { keptnContext } = await controlPlane.deleteService(project, name);
    output.say(`ID of Keptn context: ${keptnContext}`);
    await eventually(
      `service ${name} to be gone`,
      async () => ((await stagesWithIt()).length === 0 ? true : undefined),
      session,
    );
    output.say(`Service ${name} deleted from project ${project}`);
    await output.done({ value: { keptnContext, project, service: name, stages }, names: [`service/${name}`] });
  },
});
