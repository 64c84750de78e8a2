import { defineCommand } from '../../command-line/command';
import { dryRunFlag } from '../../command-line/shared-flags';

export const deleteToken = defineCommand({
  words: ['delete', 'token'],
  summary: 'Delete a token: it is refused within two seconds',
  arguments: { name: { summary: 'Name of the token' } },
  flags: { dryRun: dryRunFlag },
  examples: [{ command: 'keptn delete token ci-sockshop', says: 'When it has leaked, or nobody needs it' }],
  run: async ({ name, dryRun }, session) => {
    const { access } = await session.connect({ dryRun });
    await access.deleteToken(name);
    session.output.say(`Token ${name} deleted`);
    await session.output.done({ value: { name }, names: [`token/${name}`] });
  },
});
