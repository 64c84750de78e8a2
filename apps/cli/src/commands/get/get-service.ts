import { type Project, type StageService } from '../../api/answers';
import { orMissing } from '../../api/eventually';
import { defineCommand } from '../../command-line/command';
import { type Server } from '../../command-line/session';
import { anyProjectFlag } from '../../command-line/shared-flags';
import { Failure } from '../../failures/failure';
import { creationTime } from '../../output/time';

interface ServiceInStage extends StageService {
  readonly project: string;
  readonly stage: string;
}

export const getService = defineCommand({
  words: ['get', 'service'],
  aliases: ['services'],
  summary: 'List the services of one project or of all, or show one',
  arguments: { name: { optional: true, summary: 'Name of the service', completes: 'service' } },
  flags: {
    project: anyProjectFlag,
  },
  examples: [
    { command: 'keptn get services --project=sockshop', says: 'All services, stage by stage' },
    { command: 'keptn get service carts --project=sockshop -o json', says: 'What is deployed, and its last events' },
  ],
  run: async ({ name, project }, session) => {
    const services = (await allServices(await session.connect(), project)).filter(
      ({ serviceName }) => serviceName === (name ?? serviceName),
    );
    if (name !== undefined && services.length === 0) {
      throw new Failure('notFound', `No service ${name} found${project === undefined ? '' : ` in project ${project}`}`);
    }
    await session.output.show({
      value: services,
      names: [...new Set(services.map(({ serviceName }) => `service/${serviceName}`))],
      human:
        services.length === 0
          ? 'No services found'
          : {
              columns: ['NAME', 'PROJECT', 'STAGE', 'CREATION DATE', 'IMAGE'],
              rows: services.map((each) => [
                each.serviceName,
                each.project,
                each.stage,
                creationTime(each.creationDate),
                each.deployedImage ?? '',
              ]),
            },
    });
  },
});

async function allServices({ configuration }: Server, project: string | undefined): Promise<ServiceInStage[]> {
  if (project === undefined) {
    return (await configuration.projects()).flatMap(servicesOf);
  }
  const found = await orMissing(configuration.project(project));
  if (found === undefined) {
    throw new Failure('notFound', `No project ${project} found`);
  }
  return servicesOf(found);
}

const servicesOf = ({ projectName, stages }: Project): ServiceInStage[] =>
  (stages ?? []).flatMap(({ stageName, services }) =>
    (services ?? []).map((service) => ({ project: projectName, stage: stageName, ...service })),
  );
