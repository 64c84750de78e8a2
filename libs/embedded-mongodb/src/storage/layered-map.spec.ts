import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type Database, open, type RootDatabase } from 'lmdb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesOf, type Key } from './byte-map';
import { ChangeSet } from './change-set';
import { CheckedDatabase } from './checked-database';
import { LayeredMap } from './layered-map';

const BYTES = { encoding: 'binary', keyEncoding: 'binary' } as const;

type Step =
  | { readonly kind: 'put' | 'remove'; readonly key: Key }
  | { readonly kind: 'end of group' | 'pause group' | 'undo group' | 'begin move' | 'end move' };

/** Keys below a few ids, and such as are as short as an id or shorter. */
const keys = fc
  .tuple(fc.constantFrom('', '\0', '\0\0\0\u0001', '\0\0\0\u0002', '\0\u00ff\0\0'), fc.uint8Array({ maxLength: 2 }))
  .map(([id, bytes]): Key => id + String.fromCharCode(...bytes.map((byte) => byte & 0x8f)))
  .filter((key) => key !== '');
const steps = fc.array(
  fc.oneof(
    { weight: 16, arbitrary: fc.record({ kind: fc.constantFrom('put' as const, 'remove' as const), key: keys }) },
    fc.record({ kind: fc.constantFrom('end of group' as const, 'pause group' as const, 'undo group' as const) }),
    fc.record({ kind: fc.constantFrom('begin move' as const, 'end move' as const) }),
  ),
  { maxLength: 300 },
);

describe('a map with changes above LMDB', () => {
  let folder: string;
  let root: RootDatabase<Buffer, Buffer>;
  let names = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'layered-map-'));
    root = open<Buffer, Buffer>({ path: folder, noSubdir: false, maxDbs: 1000, overlappingSync: false, ...BYTES });
  });
  afterAll(async () => {
    await root.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('shows what a plain sorted map shows, whatever was written, undone and moved before', async () => {
    await fc.assert(
      fc.asyncProperty(steps, keys, keys, async (taken: readonly Step[], one, other) => {
        const base = root.openDB<Buffer, Buffer>({ name: `map-${names++}`, ...BYTES });
        const map = new LayeredMap(new CheckedDatabase(base));
        const [start, end] = one <= other ? [one, other] : [other, one];
        const expected = await run(map, base, taken);
        for (const key of [one, other]) expect(map.get(key)).toEqual(expected.get(key));
        const within = [...expected]
          .filter(([key]) => key >= start && key < end)
          .sort(([first], [second]) => (first < second ? -1 : 1))
          .map(([key, value]) => ({ key, value }));
        expect([...map.entries({ start, end })]).toEqual(within);
        expect([...map.keys({ start, end })]).toEqual(within.map(({ key }) => key));
        expect(map.count({ start, end })).toBe(within.length);
        const downwards = [...expected.keys()]
          .filter((key) => key <= end && key > start)
          .sort((first, second) => (first < second ? 1 : -1));
        expect([...map.keys({ start: end, end: start, reverse: true })]).toEqual(downwards);
        map.end();
        await base.drop();
      }),
      { numRuns: 60 },
    );
  });
});

/** Takes the steps; the last group stays open. @returns what the map must show to it */
async function run(
  map: LayeredMap,
  base: Database<Buffer, Buffer>,
  taken: readonly Step[],
): Promise<ReadonlyMap<Key, Buffer>> {
  let [accepted, seen] = [new Map<Key, Buffer>(), new Map<Key, Buffer>()];
  let moving: ReturnType<LayeredMap['beginMove']> | undefined;
  let staged = new ChangeSet();
  const beginGroup = (): void => {
    staged = new ChangeSet();
    map.begin(staged);
  };
  beginGroup();
  for (const [index, step] of taken.entries()) {
    switch (step.kind) {
      case 'put':
        map.put(step.key, Buffer.from([index]));
        seen.set(step.key, Buffer.from([index]));
        break;
      case 'remove':
        map.remove(step.key);
        seen.delete(step.key);
        break;
      case 'end of group':
        map.end();
        map.accept(staged);
        accepted = new Map(seen);
        beginGroup();
        break;
      case 'pause group':
        map.end();
        map.begin(staged);
        break;
      case 'undo group':
        map.end();
        seen = new Map(accepted);
        beginGroup();
        break;
      case 'begin move':
        moving ??= map.beginMove();
        break;
      case 'end move':
        for (const { key, value } of moving?.all() ?? []) {
          await (value === undefined ? base.remove(bytesOf(key)) : base.put(bytesOf(key), value));
        }
        if (moving !== undefined) map.endMove();
        moving = undefined;
    }
  }
  return seen;
}
