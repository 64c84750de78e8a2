import { type NewService } from '../../api/control-plane';
import { eventually } from '../../api/eventually';
import { defineCommand } from '../../command-line/command';
import { type Session } from '../../command-line/session';
import { dryRunFlag, projectFlag } from '../../command-line/shared-flags';

export const createService = defineCommand({
  words: ['create', 'service'],
  summary: 'Create a service on every stage of a project',
  arguments: { name: { summary: 'Name of the new service' } },
  flags: { project: projectFlag, dryRun: dryRunFlag },
  examples: [{ command: 'keptn create service carts --project=sockshop', says: 'A service without a chart' }],
  run: async ({ name, project, dryRun }, session) => {
    session.output.say('Starting to create service');
    await addService({ project, service: { serviceName: name }, dryRun }, session);
  },
});

interface Addition {
  readonly project: string;
  readonly service: NewService;
  readonly dryRun: boolean;
}

/** Creates the service, and returns when it exists on every stage. */
export async function addService({ project, service, dryRun }: Addition, session: Session): Promise<void> {
  const { output } = session;
  const { controlPlane, configuration } = await session.connect({ dryRun });
  const { serviceName } = service;
  // Says that the project is missing before anything is sent, in a dry run as well.
  await configuration.project(project);
  const { keptnContext } = await controlPlane.createService(project, service);
  output.say(`ID of Keptn context: ${keptnContext}`);
  const stages = await eventually(
    `service ${serviceName} to exist`,
    async () => {
      const all = (await configuration.project(project)).stages ?? [];
      const having = all.filter(({ services }) => services?.some((each) => each.serviceName === serviceName));
      return having.length === all.length ? all.map(({ stageName }) => stageName) : undefined;
    },
    session,
  );
  stages.forEach((stage) => {
    output.say(`Creating new Keptn service ${serviceName} in stage ${stage}`);
  });
  output.say(`Service ${serviceName} created in project ${project}`);
  await output.done({
    value: { keptnContext, project, service: serviceName, stages },
    names: [`service/${serviceName}`],
  });
}
