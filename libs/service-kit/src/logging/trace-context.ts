import { randomFillSync } from 'node:crypto';

/**
 * W3C Trace Context (https://www.w3.org/TR/trace-context/#traceparent-header): version, trace id, id of the caller's span,
 * flags. Later versions may append fields; version ff and ids of zeros are invalid.
 */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$/;

const VERSION_0_LENGTH = 55;

/** Whether a `traceparent` header may be passed on as it is. */
export function isTraceparent(header: unknown): header is string {
  return (
    typeof header === 'string' &&
    TRACEPARENT.test(header) &&
    (header.length === VERSION_0_LENGTH || !header.startsWith('00'))
  );
}

const TRACE_ID_BYTES = 16;

const SPAN_ID_BYTES = 8;

/** Random bytes are bought in bulk: a call for a few of them costs as much as one for all of these. */
const pool = Buffer.alloc((TRACE_ID_BYTES + SPAN_ID_BYTES) * 256);
let used = pool.length;

/** One in 2^64, and invalid. */
const ZEROS = /^0+$/;

/** Begins a trace. Nothing is recorded yet, so the flag "sampled" is not set. */
export function newTraceparent(): string {
  const ids = randomDigits();
  const [traceId, spanId] = [ids.slice(0, 2 * TRACE_ID_BYTES), ids.slice(2 * TRACE_ID_BYTES)];
  return ZEROS.test(traceId) || ZEROS.test(spanId) ? newTraceparent() : `00-${traceId}-${spanId}-00`;
}

const randomDigits = (): string => {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const begin = used;
  used += TRACE_ID_BYTES + SPAN_ID_BYTES;
  return pool.toString('hex', begin, used);
};
