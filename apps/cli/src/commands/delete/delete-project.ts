import { type Project } from '../../api/answers';
import { eventually, orMissing } from '../../api/eventually';
import { defineCommand } from '../../command-line/command';
import { type Server } from '../../command-line/session';
import { dryRunFlag } from '../../command-line/shared-flags';

export const deleteProject = defineCommand({
  words: ['delete', 'project'],
  summary: 'Delete a project with its resources and events',
  details:
    'Its services are deleted first, so that integrations can remove what they have deployed. An upstream repository ' +
    'stays as it is.',
  arguments: { name: { summary: 'Name of the project', completes: 'project' } },
  flags: {
    keepServices: { summary: 'Do not delete the services first: what is deployed stays' },
    dryRun: dryRunFlag,
  },
  examples: [
    { command: 'keptn delete project sockshop', says: 'Delete a project' },
    { command: 'keptn delete project sockshop --dry-run', says: 'What would be deleted?' },
  ],
  run: async ({ name, keepServices, dryRun }, session) => {
    const { output } = session;
    const server = await session.connect({ dryRun });
    const project = await server.configuration.project(name);
    const { stages } = project;
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
    await eventually(`project ${name} to be gone`, () => isGone(server, name), session);
    hintsAfterDeletion(project).forEach((hint) => {
      output.say(hint);
    });
    output.say('Project successfully deleted');
    await output.done({ value: { keptnContext, project: name, services }, names: [`project/${name}`] });
  },
});

/** What is left outside of the control plane, in the words of Keptn 0.7. */
function hintsAfterDeletion({ projectName, stages, gitRemoteURI = '' }: Project): string[] {
  const namespaces = (stages ?? []).map(({ stageName }) => `${projectName}-${stageName}`);
  return [
    ...namespaces.map(
      (namespace) =>
        `- A potentially created namespace ${namespace} is not managed by Keptn anymore but is not deleted. ` +
        `If you would like to delete this namespace, please execute 'kubectl delete ns ${namespace}'`,
    ),
    ...(gitRemoteURI === '' ? [] : [`The Git upstream of the project will not be deleted: ${gitRemoteURI}`]),
  ];
}

const isGone = async ({ configuration }: Server, name: string): Promise<true | undefined> =>
  (await orMissing(configuration.project(name))) === undefined ? true : undefined;
