import { InsufficientStorage, ServiceUnavailable } from '@keptn/service-kit';
import { mongo, MongooseError } from 'mongoose';

/** Codes of MongoDB's error_codes.yml: OutOfDiskSpace, FileStreamFailed. */
const OUT_OF_DISK_SPACE = 14_031;
const FILE_STREAM_FAILED = 39;

/** Failures of the database that pass by themselves, as the caller is told them; every other error stays as it is. */
export function describeDatabaseError(error: unknown): unknown {
  if (hasCode(error, OUT_OF_DISK_SPACE)) {
    return new InsufficientStorage('no space left on the disk of the database; try again once space is freed there', {
      cause: error,
    });
  }
  if (hasCode(error, FILE_STREAM_FAILED)) {
    return new ServiceUnavailable('the disk of the database cannot be written; its log says why', { cause: error });
  }
  if (isUnreachable(error)) {
    return new ServiceUnavailable('the database cannot be reached; try again in a moment', {
      cause: error,
      reason: 'DATABASE_UNAVAILABLE',
    });
  }
  return error;
}

const hasCode = (error: unknown, code: number): boolean =>
  error instanceof mongo.MongoServerError && error.code === code;

/** What the driver passes on as it is when a connection breaks in the middle of a command. */
const BROKEN_CONNECTION: ReadonlySet<unknown> = new Set(['EPIPE', 'ECONNRESET']);

/** A client that goes away in the middle of a request has the same code, but is no failed call of the system. */
const isBrokenConnection = (error: unknown): boolean =>
  error instanceof Error && 'syscall' in error && 'code' in error && BROKEN_CONNECTION.has(error.code);

/** Errors of the driver that speak of the connection, and mongoose's refusal to work before there is one. */
export function isUnreachable(error: unknown): boolean {
  // A bulk write hides the failure of its connection in here.
  if (error instanceof mongo.MongoBulkWriteError && isUnreachable(error.errorResponse)) return true;
  return (
    isBrokenConnection(error) ||
    error instanceof mongo.MongoNetworkError ||
    error instanceof mongo.MongoServerSelectionError ||
    error instanceof mongo.MongoNotConnectedError ||
    error instanceof mongo.MongoTopologyClosedError ||
    error instanceof mongo.MongoExpiredSessionError ||
    (error instanceof MongooseError && error.message.includes('before initial connection is complete'))
  );
}
