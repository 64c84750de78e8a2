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
