import { STATUS_CODES } from 'node:http';
import { type ErrorBody } from '@keptn/event-models';

/**
 * @param status HTTP status, repeated in the body
 * @param message text for the person; the status' standard text when empty
 */
export function toErrorBody(status: number, message: string): ErrorBody {
  return { code: status, message: message === '' ? (STATUS_CODES[status] ?? 'Error') : message };
}
