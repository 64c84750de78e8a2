import { defineCommand } from '../../command-line/command';
import { dryRunFlag, projectFlag } from '../../command-line/shared-flags';
import { Failure } from '../../failures/failure';
import { readInput } from '../../input/read-input';
import { addService } from '../create/create-service';

/** What the API calls the strategies of the command line (contract 6.3). */
const STRATEGIES = { direct: 'direct', blue_green_service: 'duplicate' } as const;

/** First bytes of a gzip file (RFC 1952). */
const GZIP = Buffer.from([0x1f, 0x8b]);

export const onboardService = defineCommand({
  words: ['onboard', 'service'],
  summary: 'Create a service with its Helm chart on every stage of a project',
  arguments: { name: { summary: 'Name of the new service' } },
  flags: {
    project: projectFlag,
    chart: { value: 'file', required: true, completes: 'file', summary: 'Helm chart, packed as .tgz' },
    deploymentStrategy: {
      value: 'strategy',
      choices: ['direct', 'blue_green_service'],
      summary: 'How it is deployed; what the shipyard says unless given',
    },
    dryRun: dryRunFlag,
  },
  examples: [
    { command: 'keptn onboard service carts --project=sockshop --chart=carts.tgz', says: 'A service with its chart' },
  ],
  run: async ({ name, project, chart, deploymentStrategy, dryRun }, session) => {
    session.output.say('Starting to onboard service');
    const strategy = deploymentStrategy as keyof typeof STRATEGIES | undefined;
    const service = {
      serviceName: name,
      helmChart: await readChart(chart),
      ...(strategy !== undefined && { deploymentStrategies: { '*': STRATEGIES[strategy] } }),
    };
    await addService({ project, service, dryRun }, session);
  },
});

/** @throws Failure when it is no packed chart */
async function readChart(file: string): Promise<string> {
  const chart = await readInput(file);
  if (!chart.subarray(0, GZIP.length).equals(GZIP)) {
    throw new Failure('usage', `${file} is no packed chart`, { hint: 'Pack it with "helm package".' });
  }
  return chart.toString('base64');
}
