import { type Stats } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { keyOf } from './byte-map';
import { unsealed } from './checked-value';
import { walkDataFile } from './data-file-walk';
import { LmdbFiles } from './lmdb-files';
import { type MapChange } from './log-record';
import { DamagedPage } from './lmdb-page';
import { DERIVED, FORMAT, FORMAT_KEY, MAPS, OWNERS, UNSEALED_FORMATS } from './store-format';
import { syncFolder } from './write-ahead-log';

const DATA_FILE = 'data.mdb';
/** Where a data file is made before it takes its position, so that one is there whole or not at all. */
const WORKSHOP = 'data.new';
/** Files that only a store that had a data file has. */
const TRACES = /^(?:lock\.mdb|log-\d{12})$/;
/** A data file up to this size (bytes) is read whole at each start; of a larger one only what leads to its pages. */
const WHOLE_CHECK_BYTES = 64 * 2 ** 20;

/** What was found in a data file. */
export interface DataFileContent {
  readonly damages: readonly string[];
  /** Entries by map. */
  readonly entries: ReadonlyMap<string, number>;
}

/**
 * Makes the data file of a new store, and one of the newest format from one of an older.
 *
 * @returns what is damaged; then nothing was changed
 */
export async function prepareDataFile(folder: string): Promise<readonly string[]> {
  await rm(join(folder, WORKSHOP), { recursive: true, force: true });
  const { damages } = await inspectDataFile(folder, 'as much as a start may take');
  if (damages.length > 0) return damages;
  if ((await dataFileStatus(folder)) === undefined) await makeDataFile(folder, []);
  else await convert(folder);
  return [];
}

/** Looks at the data file of a store that nobody serves. */
export async function inspectDataFile(
  folder: string,
  extent: 'everything' | 'as much as a start may take',
): Promise<DataFileContent> {
  const status = await dataFileStatus(folder);
  if (status !== undefined) {
    return readDataFile(folder, { skipsLeaves: extent !== 'everything' && status.size > WHOLE_CHECK_BYTES });
  }
  const isMissing = (await readdir(folder)).some((name) => TRACES.test(name));
  return { damages: isMissing ? [`${DATA_FILE} is missing`] : [], entries: new Map() };
}

/** Puts a new data file with everything that can be read in the position of the old one. @returns the old one's new name */
export async function salvageDataFile(folder: string): Promise<string | undefined> {
  const found: MapChange[] = [];
  const isThere = (await dataFileStatus(folder)) !== undefined;
  if (isThere) {
    const use = (map: number, key: Buffer, value: Buffer): void => {
      if (!DERIVED.has(MAPS[map] ?? '')) found.push({ map, key: keyOf(key), value });
    };
    readDataFile(folder, { use });
  }
  const name = `damaged-${Date.now()}-${DATA_FILE}`;
  if (isThere) await rename(join(folder, DATA_FILE), join(folder, name));
  await makeDataFile(folder, found);
  return isThere ? name : undefined;
}

function readDataFile(
  folder: string,
  options: {
    readonly use?: (map: number, key: Buffer, value: Buffer) => void;
    /** Leaves out the pages that lead to no others. */
    readonly skipsLeaves?: boolean;
  } = {},
): DataFileContent {
  const damages: string[] = [];
  const entries = new Map<string, number>();
  let format = FORMAT;
  try {
    walkDataFile(join(folder, DATA_FILE), {
      first: OWNERS,
      skipsLeaves: options.skipsLeaves ?? false,
      damage: (what) => damages.push(`${DATA_FILE}: ${what}`),
      entry: (tree, key, value) => {
        if (tree === OWNERS && key.toString() === FORMAT_KEY) format = value.toString();
        const map = MAPS.findIndex((name) => name === tree);
        if (map < 0) return;
        const content = UNSEALED_FORMATS.has(format) ? value : unsealed(key, value);
        entries.set(tree, (entries.get(tree) ?? 0) + 1);
        options.use?.(map, key, content);
      },
    });
  } catch (error) {
    if (!(error instanceof DamagedPage)) throw error;
    damages.push(`${DATA_FILE}: ${error.message}`);
  }
  return { damages, entries };
}

async function dataFileStatus(folder: string): Promise<Stats | undefined> {
  try {
    return await stat(join(folder, DATA_FILE));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function convert(folder: string): Promise<void> {
  const files = new LmdbFiles(folder);
  try {
    if (UNSEALED_FORMATS.has(files.format)) await makeDataFile(folder, files.unsealedChanges());
  } finally {
    await files.close();
  }
}

async function makeDataFile(folder: string, content: Iterable<MapChange>): Promise<void> {
  const workshop = join(folder, WORKSHOP);
  await mkdir(workshop, { mode: 0o700 });
  const files = new LmdbFiles(workshop);
  try {
    await files.takeOver();
    await files.store(content);
  } finally {
    await files.close();
  }
  await rename(join(workshop, DATA_FILE), join(folder, DATA_FILE));
  await rm(workshop, { recursive: true });
  await syncFolder(folder);
}
