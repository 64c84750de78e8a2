import { eventually, orMissing } from '../../api/eventually';
import { defineCommand } from '../../command-line/command';
import { type Server } from '../../command-line/session';
import { dryRunFlag } from '../../command-line/shared-flags';

export const deleteProject = defineCommand({
  words: ['delete', 'project'],
  summary: 'Delete a project with its resources and events',
  details:
    'Its services are deleted first, so that integrations can clean up what they have deployed. An upstream repository ' +
    'stays as it is.',
  arguments: { name: { summary: 'Name of the project', completes: 'project' } },
  flags: {
    keepServices: { summary: 'Leave the services out: what is deployed stays' },
    dryRun: dryRunFlag,
  },
  examples: [
    { command: 'keptn delete project sockshop', says: 'Delete a project' },
    { command: 'keptn delete project sockshop --dry-run', says: 'What would be deleted?' },
  ],
  run: async ({ name, keepServices, dryRun }, session) => {
    const { output, signal } = session;
    const server = await session.connect({ dryRun });
    const { stages } = await server.configuration.project(name);
    const services = [
      ...new Set((stages ?? []).flatMap((stage) => stage.services ?? []).map((each) => each.serviceName)),
    ];
    output.say(`Starting to delete project ${name}`);
    if (!keepServices && !dryRun) {
      for (const service of services) {
        await server.controlPlane.deleteService(name, service);
        output.say(`Service ${service} deleted`);
      }
    }
    const { keptnContext } = await server.controlPlane.deleteProject(name);
    output.say(`ID of Keptn context: ${keptnContext}`);
    await eventually(`project ${name} to be gone`, () => isGone(server, name), signal);
    output.say('Project successfully deleted');
    await output.done({ value: { keptnContext, project: name, services }, names: [`project/${name}`] });
  },
});

const isGone = async ({ configuration }: Server, name: string): Promise<true | undefined> =>
  (await orMissing(configuration.project(name))) === undefined ? true : undefined;
