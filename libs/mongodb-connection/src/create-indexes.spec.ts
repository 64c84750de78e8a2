import mongoose, { Schema } from 'mongoose';
import { describe, expect, it } from 'vitest';
import { createIndexes, type IndexedModel } from './create-indexes';

const schema = new Schema({ a: String, b: String });
schema.index({ a: 1 }, { unique: true });
schema.index({ b: 1 }, { partialFilterExpression: { b: { $exists: true } } });

/** Of a server that answers partial indexes with an error. */
function modelOn(code: number, created: unknown[]): IndexedModel {
  return {
    schema,
    collection: {
      createIndex(keys, options) {
        if (options?.partialFilterExpression !== undefined)
          return Promise.reject(new mongoose.mongo.MongoServerError({ code }));
        created.push([keys, options]);
        return Promise.resolve();
      },
    },
  };
}

describe('the indexes of a schema', () => {
  it('are plain where the server has no partial ones', async () => {
    const created: unknown[] = [];
    await createIndexes(modelOn(238, created));
    expect(created).toMatchObject([
      [[['a', 1]], { unique: true }],
      [[['b', 1]], { unique: false }],
    ]);
  });

  it('stay as they are where plain ones were made before', async () => {
    const created: unknown[] = [];
    await createIndexes(modelOn(85, created));
    expect(created).toHaveLength(1);
  });

  it('are not left out for any other reason', async () => {
    await expect(createIndexes(modelOn(13, []))).rejects.toThrow(mongoose.mongo.MongoServerError);
  });
});
