import { defineCommand } from '../../command-line/command';
import { dryRunFlag, projectFlag, serviceFlag } from '../../command-line/shared-flags';
import { sendAndReport } from '../send/send-and-report';

export const configureMonitoring = defineCommand({
  words: ['configure', 'monitoring'],
  summary: 'Tell integrations which monitoring a project uses',
  arguments: { provider: { summary: 'Name of the monitoring, e.g. prometheus or dynatrace' } },
  flags: { project: projectFlag, service: serviceFlag, dryRun: dryRunFlag },
  examples: [
    { command: 'keptn configure monitoring prometheus --project=sockshop --service=carts', says: 'For one service' },
    { command: 'keptn configure monitoring dynatrace --project=sockshop', says: 'For the whole project' },
  ],
  run: async ({ provider, project, service = '', dryRun }, session) => {
    session.output.say('Starting to configure monitoring');
    const event = {
      type: 'sh.keptn.event.monitoring.configure',
      source: 'https://github.com/keptn/keptn/cli#configuremonitoring',
      specversion: '0.2',
      contenttype: 'application/json',
      data: { type: provider, project, service },
    };
    await sendAndReport(event, { dryRun }, session);
  },
});
