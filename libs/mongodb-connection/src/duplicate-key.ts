import { mongo } from 'mongoose';

const DUPLICATE_KEY = 11_000;

/** Whether a write failed for nothing but documents that are there already. */
export function isDuplicateKey(error: unknown): boolean {
  if (error instanceof mongo.MongoBulkWriteError) {
    return (
      error.result.getWriteConcernError() === undefined &&
      [error.writeErrors].flat().every(({ code }) => code === DUPLICATE_KEY)
    );
  }
  return error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY;
}

/**
 * Makes an upsert that may be made twice. MongoDB tries again by itself when another writer has inserted the same document at the same
 * moment; servers that speak its protocol report a duplicate key.
 *
 * @throws what the second attempt throws
 */
export async function upserted<Result>(upsert: () => Promise<Result>): Promise<Result> {
  try {
    return await upsert();
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    return await upsert();
  }
}
