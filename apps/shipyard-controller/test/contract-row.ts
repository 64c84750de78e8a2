import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isJsonObject } from '@keptn/event-models';
import { expect, it } from 'vitest';
import { type Decision } from '../src/decision/decision';

/** A statement of the behavioural contract of Keptn 0.7.3 that was confirmed by running the original. */
export interface ContractRow {
  /** Of the contract. */
  readonly section: string;
  /** What the original does. */
  readonly original: string;
  readonly decide: () => Decision;
  /** What follows here, in short: `type stage …`. */
  readonly follows: readonly string[];
  /** The row of the documented differences that says what is different and why, by its beginning; absent where nothing is. */
  readonly mended?: string;
}

const PAGE = join(import.meta.dirname, '../../../docs/operate/reactions.md');

/** Makes a test of each row, and checks that each difference is documented with its reason. */
export function testRows(rows: readonly ContractRow[]): void {
  it.each(rows)('$section: $original', ({ decide, follows }) => {
    expect(decide().follows.map(inShort)).toEqual(follows);
  });

  it('is different only where the documentation says so, with a reason', async () => {
    const page = await readFile(PAGE, 'utf8');
    const table = page.split('## What is different from Keptn 0.7')[1] ?? '';
    const documented = table.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
    const missing = rows.filter(
      ({ mended }) =>
        mended !== undefined &&
        !documented.some(([, theirs, ours, reason]) => theirs?.startsWith(mended) && Boolean(ours) && Boolean(reason)),
    );
    expect(missing.map(({ mended }) => mended)).toEqual([]);
  });
}

/** Type, stage and what else tells an event apart. */
function inShort({ type, data, triggeredid }: Decision['follows'][number]): string {
  const { stage, image, tag, result, labels, ...rest } = data as Readonly<Record<string, unknown>>;
  const parts = ['canary', 'valuesCanary', 'approval', 'action', 'remediation'].flatMap((name) => {
    const part = rest[name];
    return isJsonObject(part) ? Object.entries(part).map(([key, value]) => `${key}=${textOf(value)}`) : [];
  });
  const own = Object.entries({ image, tag, result }).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${textOf(value)}`],
  );
  return [
    type.replace(/^sh\.keptn\.events?\./, ''),
    textOf(stage),
    ...own,
    ...parts,
    ...(isJsonObject(labels) ? [`labels=${JSON.stringify(labels)}`] : []),
    ...(triggeredid === undefined ? [] : [`answers ${triggeredid}`]),
  ].join(' ');
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
