import { STATUS_CODES } from 'node:http';
import { type ErrorBody, generalReason } from '@keptn/api-models';

/**
 * @param status HTTP status, repeated in the body
 * @param message text for the person; the status' standard text when empty
 * @param reason stable name of the failure for programs; the general one of the status when absent
 */
export function toErrorBody(status: number, message: string, reason: string = generalReason(status)): ErrorBody {
  return { code: status, message: message === '' ? (STATUS_CODES[status] ?? 'Error') : message, reason };
}
