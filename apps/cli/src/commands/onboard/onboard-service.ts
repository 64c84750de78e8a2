import { defineCommand } from '../../command-line/command';
import { dryRunFlag, projectFlag } from '../../command-line/shared-flags';
import { addService } from '../create/create-service';
import { readChart } from './read-chart';

/** What the API calls the strategies of the command line (contract 6.3). */
const STRATEGIES = { direct: 'direct', blue_green_service: 'duplicate' } as const;

export const onboardService = defineCommand({
  words: ['onboard', 'service'],
  summary: 'Create a service with its Helm chart on every stage of a project',
  arguments: { name: { summary: 'Name of the new service' } },
  flags: {
    project: projectFlag,
    chart: { value: 'path', required: true, completes: 'file', summary: 'Helm chart: its folder, or packed as .tgz' },
    deploymentStrategy: {
      value: 'strategy',
      choices: ['direct', 'blue_green_service'],
      summary: 'How it is deployed; as in the shipyard unless given',
    },
    dryRun: dryRunFlag,
  },
  examples: [
    { command: 'keptn onboard service carts --project=sockshop --chart=carts.tgz', says: 'With a packed chart' },
    { command: 'keptn onboard service carts --project=sockshop --chart=./carts', says: 'With the folder of a chart' },
  ],
  run: async ({ name, project, chart, deploymentStrategy, dryRun }, session) => {
    session.output.say('Starting to onboard service');
    const strategy = deploymentStrategy as keyof typeof STRATEGIES | undefined;
    const service = {
      serviceName: name,
      helmChart: (await readChart(chart, session.signal)).toString('base64'),
      ...(strategy !== undefined && { deploymentStrategies: { '*': STRATEGIES[strategy] } }),
    };
    await addService({ project, service, dryRun }, session);
  },
});
