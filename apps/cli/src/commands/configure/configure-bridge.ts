import { defineCommand } from '../../command-line/command';
import { dryRunFlag } from '../../command-line/shared-flags';
import { UsageFailure } from '../../failures/failure';
import { askSecret } from '../../input/ask-secret';

export const configureBridge = defineCommand({
  words: ['configure', 'bridge'],
  summary: 'Set the credentials of the Bridge, or show them',
  flags: {
    user: { short: 'u', value: 'user', summary: 'User name' },
    password: { short: 'p', value: 'password', summary: 'Password; asked for at a terminal unless given' },
    show: { short: 'o', long: 'output', summary: 'Show the credentials' },
    dryRun: dryRunFlag,
  },
  examples: [
    { command: 'keptn configure bridge --user=keptn', says: 'Set them; the password is asked for' },
    { command: 'keptn configure bridge --output', says: 'Show them' },
  ],
  run: async ({ user, password, show, dryRun }, session) => {
    const { controlPlane } = await session.connect({ dryRun });
    if (show) {
      const credentials = await controlPlane.bridgeCredentials();
      await session.output.show({
        value: credentials,
        human: `user: ${credentials.user}\npassword: ${credentials.password}`,
        names: [credentials.user],
      });
      return;
    }
    if (user === undefined) {
      throw new UsageFailure('--user or --output is missing', 'See "keptn configure bridge --help".');
    }
    if (password === undefined && !process.stdin.isTTY) {
      throw new UsageFailure('--password is missing');
    }
    const secret = password ?? (await askSecret('Password: ', session.signal));
    await controlPlane.setBridgeCredentials({ user, password: secret });
    session.output.say('Bridge credentials configured successfully');
  },
});
