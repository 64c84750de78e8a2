import { AddressNotPermitted } from '@keptn/service-kit';
import { NoValue } from './no-value';

/** In bytes: far more than one figure needs. */
export const LARGEST_ANSWER = 1024 * 1024;

const TOO_LARGE = 'UND_ERR_RES_EXCEEDED_MAX_SIZE';

/** A request that the HTTP client does not send, for one of its headers. */
const NOT_SENT: ReadonlySet<unknown> = new Set(['UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED']);

/**
 * Why a query has no value: what it says itself, or what became of its request.
 *
 * @param name of the server
 */
export function failedQuery(name: string, error: unknown): NoValue {
  if (error instanceof NoValue) return error;
  return new NoValue(reasonOf(name, error), { cause: error });
}

function reasonOf(name: string, error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  // A refused address shows in the failure of the connection.
  if (cause instanceof AddressNotPermitted) return cause.message;
  const code = 'code' in cause ? cause.code : undefined;
  if (code === TOO_LARGE) return `${name} sent an answer of more than ${LARGEST_ANSWER} bytes`;
  return NOT_SENT.has(code) ? `${name} cannot be asked like that: ${cause.message}` : error.message;
}
