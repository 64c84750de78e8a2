import type { Role, Scope } from '@keptn/api-models';
import { defineCommand } from '../../command-line/command';
import { dryRunFlag } from '../../command-line/shared-flags';
import { UsageFailure } from '../../failures/failure';

export const createToken = defineCommand({
  words: ['create', 'token'],
  summary: 'Create a token for a program, with what it permits',
  details:
    'The token is printed once. Without --project it is for all projects. Roles and scopes: docs/reference/access.md. Nobody can give a token ' +
    'more than they may do themselves.',
  arguments: { name: { summary: 'Name of the new token' } },
  flags: {
    role: { value: 'role', choices: ['viewer', 'operator', 'editor', 'admin'], summary: 'What it permits' },
    scope: { value: 'scope', many: true, summary: 'A scope that it permits, instead of a role' },
    project: { value: 'name', many: true, completes: 'project', summary: 'A project that it is for' },
    expires: { value: 'time', summary: 'When it ends, such as 2030-01-31T00:00:00Z; never unless given' },
    dryRun: dryRunFlag,
  },
  examples: [
    {
      command: 'keptn create token ci-sockshop --role=operator --project=sockshop',
      says: 'For a pipeline that sends events',
    },
    { command: 'keptn create token dashboard --role=viewer', says: 'For whoever only looks' },
  ],
  run: async ({ name, role, scope, project, expires, dryRun }, session) => {
    if ((role === undefined) === (scope.length === 0)) {
      throw new UsageFailure('what the token permits is not clear', 'Give either --role or --scope.');
    }
    const { access } = await session.connect({ dryRun });
    const { token, ...created } = await access.createToken({
      name,
      ...(role === undefined ? { scopes: scope as Scope[] } : { role: role as Role }),
      ...(project.length > 0 && { projects: [...project] }),
      ...(expires !== undefined && { expiresAt: expires }),
    });
    session.output.say(`Token ${name} created`);
    await session.output.show({
      value: { ...created, token },
      names: [`token/${name}`],
      human: `The token, which is not shown again: ${token}`,
    });
  },
});
