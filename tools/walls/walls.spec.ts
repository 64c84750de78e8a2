import { createProjectGraphAsync } from '@nx/devkit';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { beforeAll, describe, expect, it } from 'vitest';
import { wallsOfTheWorkspace } from './eslint-walls.mjs';
import { DIRECTIONS, ENVIRONMENT_REASON, WALLS } from './walls.mjs';

/** Lint without types: the walls need none, and a text is judged in milliseconds. */
const eslint = new ESLint({
  overrideConfigFile: true,
  overrideConfig: [{ files: ['**/*.ts'], languageOptions: { parser: tseslint.parser } }, ...wallsOfTheWorkspace],
});

/** What lint says about a file that would hold this text. */
const complaints = async (filePath: string, text: string): Promise<string[]> => {
  const [result] = await eslint.lintText(text, { filePath });
  return result?.messages.map(({ message }) => message) ?? [];
};

/** A file inside of the wall, and one thing that it refuses, both without wildcards. */
const inside = (place: string): string =>
  place.endsWith('.ts') ? place.replace('*', '/any/src/any/any') : `${place}/any.ts`;
const refused = (pattern: string): string => pattern.replace('/*', '/any').replace('*', './any');
const specifier = (pattern: string, file: string): string =>
  pattern.startsWith('apps/') ? `${'../'.repeat(file.split('/').length - 1)}${pattern}/any` : refused(pattern);

describe('lint', () => {
  beforeAll(async () => {
    // The rule of Nx reads the graph from a cache, and says nothing when there is none.
    await createProjectGraphAsync();
  }, 60_000);

  describe.each(WALLS)('around $in', ({ in: place, refuses, except = [], because }) => {
    const file = inside(place).replace(/^\//, 'apps/');

    it.each(refuses)('refuses %s and says why', async (pattern) => {
      const name = specifier(pattern, file);
      const text = `import '${name}'; export type * from '${name}'; void import('${name}');`;
      const found = await complaints(file, text);
      expect(found.filter((message) => message.includes(because))).toHaveLength(3);
    });

    it('lets everything else through', async () => {
      const imports = ['./any', 'zod', ...except].map((name) => `import '${name}';`);
      expect(await complaints(file, imports.join(' '))).toEqual([]);
    });
  });

  it.each([
    ['libs/event-models/src/any.ts', '@keptn/git-store', 'layer:model'],
    ['libs/git-store/src/any.ts', '@keptn/event-models', 'layer:engine'],
    ['libs/auth/src/any.ts', '@keptn/git-store', 'layer:kit'],
    ['apps/api-gateway/src/any.ts', '@keptn/mongodb-connection', 'scope:gateway'],
    ['apps/api-service/src/any.ts', '@keptn/git-store', 'scope:api'],
    ['libs/auth/src/any.ts', '@keptn/mongodb-connection', 'scope:shared'],
    ['apps/cli/src/any.ts', '@keptn/auth', 'scope:cli'],
    ['apps/mongodb-datastore/src/any.ts', '@keptn/git-store', 'scope:events'],
    ['apps/development-mongodb/src/any.ts', '@keptn/git-store', 'scope:database'],
  ])('%s may not import %s by its tag %s', async (file, name, tag) => {
    const { because } = DIRECTIONS.find(({ sourceTag }) => sourceTag === tag) ?? { because: 'no such tag' };
    expect(await complaints(file, `import '${name}';`)).toContainEqual(expect.stringContaining(because));
  });

  it('refuses an import of another app, and one across projects by path', async () => {
    expect(await complaints('apps/api-service/src/any.ts', "import '../../api-gateway/src/main';")).toEqual([
      expect.stringContaining('cannot be imported by a relative'),
    ]);
    expect(await complaints('tools/bench/any.ts', "import '../../apps/api-gateway/src/main';")).toEqual([
      expect.stringContaining('cannot be imported by a relative'),
    ]);
  });

  it.each(['process.env', "process['env']", 'const { env } = process', "import { env } from 'node:process'"])(
    'refuses %s outside of settings and says why',
    async (text) => {
      for (const file of [
        'apps/mongodb-datastore/src/log/any.ts',
        'libs/git-store/src/any.ts',
        'apps/cli/src/output/any.ts',
      ]) {
        expect(await complaints(file, `${text};`)).toContainEqual(expect.stringContaining(ENVIRONMENT_REASON));
      }
      expect(await complaints('libs/service-kit/src/run.ts', `${text};`)).toEqual([]);
    },
  );
});
