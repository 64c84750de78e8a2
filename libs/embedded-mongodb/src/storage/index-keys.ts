import { createHash } from 'node:crypto';
import { type TypedDocument } from '../bson/document';
import { CommandError } from '../errors';
import { parseFilter } from '../query/filter';
import { compileFilter, type Matcher } from '../query/matcher';
import { indexedValues, type PathValues } from '../query/path';
import { encodeComponent } from '../query/sort-order';
import { type IndexDefinition, MAX_ENCODED_KEY } from './index-definition';
import { KeyWriter } from './key-encoding';

/** The keys of one document in one index. */
export interface DocumentKeys {
  /** Distinct encoded keys; none when the index leaves the document out. */
  readonly keys: readonly Buffer[];
  /** The positions of components at which the document has arrays. */
  readonly arrays: readonly number[];
  readonly truncated: boolean;
}

const NONE: DocumentKeys = { keys: [], arrays: [], truncated: false };

const partialFilters = new WeakMap<IndexDefinition, Matcher>();

function partialFilterOf(index: IndexDefinition): Matcher | undefined {
  if (index.partialFilter === undefined) return undefined;
  const known = partialFilters.get(index);
  if (known !== undefined) return known;
  const matcher = compileFilter(parseFilter(index.partialFilter));
  partialFilters.set(index, matcher);
  return matcher;
}

/**
 * The keys that a document has in an index: one, or one for each combination of the elements of its arrays.
 *
 * @throws CommandError for arrays at two unrelated paths, as MongoDB does
 */
export function documentKeys(index: IndexDefinition, document: TypedDocument): DocumentKeys {
  if (partialFilterOf(index)?.(document) === false) return NONE;
  const values = index.components.map(({ parts }) => indexedValues(document, parts));
  if (index.sparse && values.every(isMissing)) return NONE;
  const arrays = values.flatMap(({ multikey }, position) => (multikey ? [position] : []));
  refuseParallelArrays(index, arrays);
  let combinations: Buffer[][] = [[]];
  for (const [position, component] of index.components.entries()) {
    const encoded = (values[position]?.values ?? []).map((value) => encodeComponent(value, component.direction));
    combinations =
      encoded.length === 1
        ? combinations.map((parts) => [...parts, ...encoded])
        : combinations.flatMap((parts) => encoded.map((part) => [...parts, part]));
  }
  return finishKeys(combinations, arrays);
}

function isMissing({ values }: PathValues): boolean {
  return values.every((value) => value === undefined);
}

function refuseParallelArrays(index: IndexDefinition, arrays: readonly number[]): void {
  if (arrays.length < 2) return;
  const roots = new Set(arrays.map((position) => index.components[position]?.parts[0]));
  if (roots.size > 1) {
    throw new CommandError(
      'CannotIndexParallelArrays',
      `cannot index parallel arrays ${[...roots].map((root) => `[${root ?? ''}]`).join(' ')}`,
    );
  }
}

function finishKeys(combinations: readonly Buffer[][], arrays: readonly number[]): DocumentKeys {
  let truncated = false;
  const keys = combinations.map((parts) => {
    const writer = new KeyWriter(MAX_ENCODED_KEY);
    for (const part of parts) writer.append(part);
    if (writer.position < MAX_ENCODED_KEY) return writer.finish();
    truncated = true;
    // A digest of the whole value keeps long keys distinct, which uniqueness depends on.
    return Buffer.concat([writer.finish(), digest(parts)]);
  });
  if (keys.length === 1) return { keys, arrays, truncated };
  const distinct = new Map(keys.map((key) => [key.toString('latin1'), key]));
  return { keys: [...distinct.values()], arrays, truncated };
}

function digest(parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
