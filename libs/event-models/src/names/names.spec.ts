import fc from 'fast-check';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectName, serviceName, stageName } from './names';

const reasonFor = (schema: typeof projectName | typeof stageName | typeof serviceName, name: unknown) =>
  schema.safeParse(name).error?.issues[0]?.message;

describe('names of projects, stages and services', () => {
  it.each(['a', '1', 'sockshop', 'Sock-Shop_1.2', 'x'.repeat(100), 'dev', 'gitlab', 'my.git.repo', 'master2'])(
    'accept %j',
    (name) => {
      for (const schema of [projectName, stageName, serviceName]) expect(schema.parse(name)).toBe(name);
    },
  );

  it.each([
    ...['', '.', '..', '.git', '-f', '--upload-pack=x', '_a', 'a-', 'a.', 'a_', 'a/b', 'a\\b', 'a b', 'a\n', 'a\0b'],
    ...[
      'a..b',
      'x.lock',
      'x.LOCK',
      'x.git',
      'x.Git',
      'é',
      'a\u200cb',
      'HEAD~1',
      '@{-1}',
      'a:b',
      '$where',
      'x'.repeat(101),
    ],
  ])('refuse %j with a sentence that says what is allowed', (name) => {
    for (const schema of [projectName, stageName, serviceName]) {
      expect(reasonFor(schema, name)).toMatch(/^(?:project|stage|service) name (?:is not valid|must not)/);
    }
  });

  it.each([undefined, null, 1, {}, ['a']])('refuse %j, which is no text', (name) => {
    expect(reasonFor(projectName, name)).toMatch(/^project name must be a string: use 1 to 100 letters/);
  });

  it.each(['master', 'MASTER', 'HEAD', 'Head'])('keep %s from stages, whose branch it would be', (name) => {
    expect(reasonFor(stageName, name)).toContain('belongs to the project');
    expect(projectName.parse(name)).toBe(name);
    expect(serviceName.parse(name)).toBe(name);
  });

  it('never accept what leaves the folder that it is joined to', () => {
    const tricky = fc.string({
      unit: fc.constantFrom('a', '.', '/', '\\', '-', '~', '\0', 'g', 'i', 't', 'Z', '9', ' '),
    });
    fc.assert(
      fc.property(fc.oneof(tricky, fc.string()), (name) => {
        if (!projectName.safeParse(name).success) return;
        expect(posix.dirname(posix.normalize(`/root/${name}`))).toBe('/root');
        expect(name).not.toMatch(/^[-.]|\.git$|\.lock$|\.\./i);
      }),
      { numRuns: 2000 },
    );
  });
});
