import { createHash } from 'node:crypto';
import { type TypedDocument } from '../bson/document';
import { CommandError } from '../errors';
import { parseFilter } from '../filter/filter';
import { compileFilter, type Matcher } from '../filter/matcher';
import { indexedValues } from '../bson/path';
import { encodeComponent } from '../keys/sort-order';
import { type IndexDefinition, type KeyComponent, MAX_ENCODED_KEY } from '../keys/index-definition';
import { type Key, keyOf } from './byte-map';

/** The keys of one document in one index. */
export interface DocumentKeys {
  /** Distinct encoded keys; none when the index leaves the document out. */
  readonly keys: readonly Key[];
  /** The positions of components at which the document has arrays. */
  readonly arrays: readonly number[];
  readonly truncated: boolean;
}

/** MongoDB's default of `indexMaxNumGeneratedKeysPerDocument`. */
const MAX_KEYS = 100_000;

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

/** The values of one component of an index key, encoded. */
interface EncodedValues {
  readonly encoded: readonly Key[];
  readonly multikey: boolean;
  readonly missing: boolean;
}

/** A document whose fields are encoded once, however many indexes they are in. */
export class IndexedDocument {
  private readonly known = new Map<string, EncodedValues>();

  constructor(readonly document: TypedDocument) {}

  valuesOf({ path, parts, direction }: KeyComponent): EncodedValues {
    const name = direction === 1 ? path : `-${path}`;
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const { values, multikey } = indexedValues(this.document, parts);
    const encoded = values.map((value) => keyOf(encodeComponent(value, direction)));
    const made = { encoded, multikey, missing: values.every((value) => value === undefined) };
    this.known.set(name, made);
    return made;
  }
}

/**
 * The keys that a document has in an index: one, or one for each combination of the elements of its arrays.
 *
 * @throws CommandError for arrays at two unrelated paths, as MongoDB does, and for too many keys
 */
export function documentKeys(index: IndexDefinition, indexed: IndexedDocument): DocumentKeys {
  if (partialFilterOf(index)?.(indexed.document) === false) return NONE;
  const values = index.components.map((component) => indexed.valuesOf(component));
  if (index.sparse && values.every(({ missing }) => missing)) return NONE;
  const arrays = values.flatMap(({ multikey }, position) => (multikey ? [position] : []));
  refuseParallelArrays(index, arrays);
  refuseTooMany(index, values);
  const whole = combinationsOf(values.map(({ encoded }) => encoded));
  const keys = whole.map(limited);
  const truncated = whole.some(({ length }) => length >= MAX_ENCODED_KEY);
  return { keys: keys.length === 1 ? keys : [...new Set(keys)], arrays, truncated };
}

/** One value of each component, one behind the other, in all ways. */
function combinationsOf(values: readonly (readonly Key[])[]): readonly Key[] {
  return values.reduce<readonly Key[]>(
    (heads, encoded) => heads.flatMap((head) => encoded.map((part) => head + part)),
    [''],
  );
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

function refuseTooMany(index: IndexDefinition, values: readonly EncodedValues[]): void {
  const keys = values.reduce((product, { encoded }) => product * encoded.length, 1);
  if (keys <= MAX_KEYS) return;
  throw new CommandError(
    'CannotBuildIndexKeys',
    `a document has ${keys} keys in the index ${index.name}, more than ${MAX_KEYS}: its arrays are too long for it`,
  );
}

/** The key of some values, cut where it is too long; a digest of all of it keeps such keys distinct, which uniqueness needs. */
function limited(key: Key): Key {
  if (key.length < MAX_ENCODED_KEY) return key;
  return key.slice(0, MAX_ENCODED_KEY) + keyOf(createHash('sha256').update(key, 'latin1').digest());
}
