import { type TypedDocument } from '../bson/document';

/** Bytes of encoded values kept in an index key. LMDB's keys hold 1978; the rest is for ids and a digest. */
export const MAX_ENCODED_KEY = 1900;

/** One field of an index key. */
export interface KeyComponent {
  readonly path: string;
  readonly parts: readonly string[];
  readonly direction: 1 | -1;
}

/** What an index is, and what its content has shown so far. */
export interface IndexDefinition {
  readonly id: number;
  readonly name: string;
  readonly components: readonly KeyComponent[];
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly partialFilter: TypedDocument | undefined;
  /** Options that are only shown back, as given. */
  readonly options: TypedDocument;
  /** False while existing documents are still being added. */
  ready: boolean;
  /** For each component: true once a document had an array at its path. */
  multikey: boolean[];
  /** True once a key was longer than MAX_ENCODED_KEY, so that the order of its entries is not the order of values. */
  truncated: boolean;
}

/** The key pattern of an index as clients write it, e.g. `{time: -1, seq: -1}`. */
export function keyPattern(components: readonly KeyComponent[]): Record<string, 1 | -1> {
  return Object.fromEntries(components.map(({ path, direction }) => [path, direction]));
}
