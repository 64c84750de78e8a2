import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Change, InvalidPath, IsADirectory, PathConflict, type Repository } from '../src/index';
import { createProject, fsck, git, openStore } from './store-fixture';

/** Few and similar names, so that files and folders meet, and that Git's order differs from a plain sort. */
const segment = fc.constantFrom(
  'a',
  'b',
  'a-b',
  'a.b',
  'a0',
  'A',
  'é',
  '日本',
  'a b',
  '#',
  '.gitignore',
  'x'.repeat(255),
);
const tidyPath = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'));
/** Beside small contents one that is too large to be compressed on the event loop. */
const content = fc.oneof(fc.string(), fc.constant('large'));
const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      path: tidyPath,
      content: content.map((text) => Buffer.from(text === 'large' ? text.repeat(8_000) : text)),
    }),
  },
  { weight: 2, arbitrary: fc.record({ path: tidyPath, delete: fc.constant(true as const) }) },
  { weight: 1, arbitrary: fc.record({ folder: tidyPath, delete: fc.constant(true as const) }) },
);

/** What a file system with the same rules would hold. */
function applyTo(files: Map<string, Buffer>, changes: readonly Change[]): void {
  for (const each of changes) {
    if ('content' in each) files.set(each.path, each.content);
    else if ('path' in each) files.delete(each.path);
    else for (const path of files.keys()) if (path.startsWith(`${each.folder}/`)) files.delete(path);
  }
}

async function filesByGit(repository: Repository): Promise<Map<string, string>> {
  const lines = (await git(repository, 'ls-tree', '-r', '-z', 'dev')).split('\0').filter((line) => line !== '');
  return new Map(lines.map((line) => [line.split('\t')[1] ?? '', line.split(/[ \t]/)[2] ?? '']));
}

async function filesByStore(repository: Repository): Promise<Map<string, string>> {
  const files = await repository.list({ branch: 'dev' });
  return new Map(files.map(({ path, blob }) => [path, blob]));
}

it('holds what any series of changes makes, and Git agrees', async () => {
  const store = await openStore({ cacheBytes: 10_000 });
  const series = fc.array(fc.array(change, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 5 });
  let index = 0;
  const checkSeries = async (commits: Change[][]): Promise<void> => {
    const repository = await store.createRepository(`p${index++}`, { branches: [{ branch: 'dev' }] });
    const files = new Map<string, Buffer>();
    for (const changes of commits) {
      try {
        await repository.commit('dev', { changes, message: 'Random' });
        applyTo(files, changes);
      } catch (error) {
        if (!(error instanceof PathConflict || error instanceof IsADirectory)) throw error;
      }
    }
    const byGit = await filesByGit(repository);
    expect([...byGit.keys()].sort()).toEqual([...files.keys()].sort());
    expect(new Map([...(await filesByStore(repository))].sort())).toEqual(new Map([...byGit].sort()));
    for (const [path, expected] of files) {
      expect((await repository.readFile({ branch: 'dev', path })).content.equals(expected)).toBe(true);
    }
    await fsck(repository);
  };
  await fc.assert(fc.asyncProperty(series, checkSeries), { numRuns: 40 });
});

it('either refuses a path or gives Git one that it accepts', async () => {
  const repository = await createProject(await openStore());
  const piece = fc.constantFrom(
    '.',
    '..',
    '.git',
    '.GIT',
    'git~1',
    '.gitmodules',
    '-',
    '\\',
    '\0',
    '\n',
    ':',
    ' ',
    '\u200d',
    '～',
  );
  const strangeSegment = fc.array(fc.oneof(piece, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 3 });
  const strangePath = fc
    .array(
      strangeSegment.map((pieces) => pieces.join('')),
      { minLength: 1, maxLength: 3 },
    )
    .map((segments) => segments.join('/'));
  await fc.assert(
    fc.asyncProperty(strangePath, async (path) => {
      try {
        await repository.commit('dev', { changes: [{ path, content: Buffer.from(path) }], message: path });
      } catch (error) {
        if (error instanceof InvalidPath || error instanceof PathConflict) return;
        throw error;
      }
      expect((await repository.readFile({ branch: 'dev', path })).content.toString()).toBe(path);
    }),
    { numRuns: 400 },
  );
  await fsck(repository);
});
