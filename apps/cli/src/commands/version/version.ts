import { defineCommand } from '../../command-line/command';
import { CLI_VERSION } from '../../version';

export const version = defineCommand({
  words: ['version'],
  summary: 'Show the versions of this command and of the control plane',
  flags: { client: { summary: 'Only the version of this command; asks no server' } },
  examples: [
    { command: 'keptn version', says: 'Both versions' },
    { command: 'keptn version --client -o json', says: 'For a program, without a server' },
  ],
  run: async ({ client }, session) => {
    const { output } = session;
    if (client || session.findContext() === undefined) {
      await output.show({
        value: { cli: CLI_VERSION },
        human: `Keptn CLI version: ${CLI_VERSION}`,
        names: [CLI_VERSION],
      });
      return;
    }
    const { controlPlane } = await session.connect();
    const { keptnversion: cluster = 'unknown' } = await controlPlane.metadata();
    await output.show({
      value: { cli: CLI_VERSION, cluster },
      human: `Keptn CLI version: ${CLI_VERSION}\nKeptn cluster version: ${cluster}`,
      names: [CLI_VERSION, cluster],
    });
  },
});
