import { ServiceUnavailable } from '@keptn/service-kit';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { mongo, MongooseError } from 'mongoose';
import { catchError, type Observable, throwError } from 'rxjs';

/** Tells the caller that the database is away, which is no defect and passes, from failures that are. */
@Injectable()
export class DatabaseErrorInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next
      .handle()
      .pipe(
        catchError((error: unknown) =>
          throwError(() =>
            isUnreachable(error)
              ? new ServiceUnavailable('the database cannot be reached; try again in a moment', { cause: error })
              : error,
          ),
        ),
      );
  }
}

/** What the driver passes on as it is when a connection breaks in the middle of a command. */
const BROKEN_CONNECTION: ReadonlySet<unknown> = new Set(['EPIPE', 'ECONNRESET']);

/** Errors of the driver that speak of the connection, and mongoose's refusal to work before there is one. */
export function isUnreachable(error: unknown): boolean {
  // A bulk write hides the failure of its connection in here.
  if (error instanceof mongo.MongoBulkWriteError && isUnreachable(error.errorResponse)) return true;
  return (
    (error instanceof Error && 'code' in error && BROKEN_CONNECTION.has(error.code)) ||
    error instanceof mongo.MongoNetworkError ||
    error instanceof mongo.MongoServerSelectionError ||
    error instanceof mongo.MongoNotConnectedError ||
    error instanceof mongo.MongoTopologyClosedError ||
    error instanceof mongo.MongoExpiredSessionError ||
    (error instanceof MongooseError && error.message.includes('before initial connection is complete'))
  );
}
