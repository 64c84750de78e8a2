import { defineCommand } from '../../command-line/command';
import { dryRunFlag } from '../../command-line/shared-flags';
import { UsageFailure } from '../../failures/failure';
import { readInput } from '../../input/read-input';

export const updateProject = defineCommand({
  words: ['update', 'project'],
  summary: 'Set or change the upstream repository of a project',
  details: 'The server tests it before it changes anything. What is not given stays as it is.',
  arguments: { name: { summary: 'Name of the project', completes: 'project' } },
  flags: {
    gitRemoteUrl: { short: 'r', value: 'url', summary: 'Upstream repository, without credentials; empty to remove it' },
    gitUser: { short: 'u', value: 'user', summary: 'User of the upstream repository' },
    gitToken: { short: 't', value: 'token', summary: 'Token of that user; better in KEPTN_GIT_TOKEN' },
    gitPrivateKeyFile: {
      value: 'file',
      completes: 'file',
      summary: 'Private key for an upstream repository behind SSH',
    },
    dryRun: dryRunFlag,
  },
  examples: [
    {
      command:
        'KEPTN_GIT_TOKEN=... keptn update project sockshop --git-user=bot --git-remote-url=https://git.example.com/team/sockshop.git',
      says: 'A new upstream repository',
    },
    { command: 'KEPTN_GIT_TOKEN=... keptn update project sockshop', says: 'A new token' },
  ],
  run: async ({ name, gitRemoteUrl, gitUser, gitToken, gitPrivateKeyFile, dryRun }, session) => {
    const token = gitToken ?? session.environment.gitToken;
    if ([gitRemoteUrl, gitUser, token, gitPrivateKeyFile].every((value) => value === undefined)) {
      throw new UsageFailure('nothing to change', 'Give at least one of the flags that begin with --git.');
    }
    const { configuration } = await session.connect({ dryRun });
    await configuration.updateProject(name, {
      gitRemoteURI: gitRemoteUrl,
      gitUser,
      gitToken: token,
      gitPrivateKey:
        gitPrivateKeyFile === undefined
          ? undefined
          : (await readInput(gitPrivateKeyFile, session.signal)).toString('utf8'),
    });
    // "successful": as the command of Keptn 0.7 says it (contract 6.3).
    session.output.say('Project updated successful');
    await session.output.done({ value: { project: name }, names: [`project/${name}`] });
  },
});
