import { type mongo, type Schema } from 'mongoose';

/** What a server answers that does not know an option (MongoDB's error code NotImplemented). */
const NOT_IMPLEMENTED = 238;

/** What a server answers that has the same index with other options, such as a plain one that was made instead. */
const INDEX_OPTIONS_CONFLICT = 85;

/** The part of a mongoose model that is needed here. */
export interface IndexedModel {
  readonly schema: Pick<Schema, 'indexes'>;
  readonly collection: {
    createIndex(keys: mongo.IndexSpecification, options?: mongo.CreateIndexesOptions): Promise<unknown>;
  };
}

/**
 * Creates the indexes of a model's schema. Where a server has no partial indexes (FerretDB 1), plain ones take their place: they
 * answer the same queries, and are larger.
 *
 * @throws MongoServerError when an index cannot be created
 */
export async function createIndexes({ schema, collection }: IndexedModel): Promise<void> {
  for (const [fields, { partialFilterExpression, unique = false, ...options }] of schema.indexes()) {
    const keys = Object.entries(fields) as [string, mongo.IndexDirection][];
    const plain = { ...options, unique: unique !== false };
    if (partialFilterExpression === undefined) {
      await collection.createIndex(keys, plain);
      continue;
    }
    try {
      await collection.createIndex(keys, { ...plain, partialFilterExpression });
    } catch (error) {
      const code = codeOf(error);
      if (code === NOT_IMPLEMENTED) await collection.createIndex(keys, plain);
      else if (code !== INDEX_OPTIONS_CONFLICT) throw error;
    }
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
