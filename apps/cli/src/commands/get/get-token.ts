import { defineCommand } from '../../command-line/command';

export const getToken = defineCommand({
  words: ['get', 'token'],
  aliases: ['tokens'],
  summary: 'List tokens with what they permit and when they were last used',
  examples: [{ command: 'keptn get tokens', says: 'All that you manage' }],
  run: async (_input, session) => {
    const { access } = await session.connect();
    const tokens = await access.tokens();
    await session.output.show({
      value: tokens,
      names: tokens.map(({ name }) => `token/${name}`),
      human:
        tokens.length === 0
          ? 'No tokens found'
          : {
              columns: ['NAME', 'PERMITS', 'PROJECTS', 'EXPIRES', 'LAST USE', 'CREATED BY'],
              rows: tokens.map(({ name, role, scopes, projects, expiresAt, lastUsedAt, createdBy }) => [
                name,
                role ?? scopes.join(','),
                projects?.join(',') ?? 'all',
                expiresAt ?? 'never',
                lastUsedAt ?? '',
                createdBy,
              ]),
            },
    });
  },
});
