import { randomUUID } from 'node:crypto';
import { z } from 'zod';

/** Longest Keptn context that is looked at, in characters. */
const CONTEXT_LIMIT = 1024;

const UUID_BYTES = 16;
const UUID_36 = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

/** The four spellings that Keptn 0.7 takes for a UUID and leaves as they are, in any case and of any version. */
const UUID_SPELLING = new RegExp(String.raw`^(?:${UUID_36}|urn:uuid:${UUID_36}|\{${UUID_36}\}|[0-9a-f]{32})$`, 'i');

const LIMITS = `1 to ${CONTEXT_LIMIT} characters without control characters`;

/** Name of a Keptn context as it is asked for; events served by this system carry the UUID of {@link toKeptnContext}. */
export const keptnContext = z
  .string({ error: `keptnContext must be a string of ${LIMITS}` })
  .refine((text) => text !== '' && text.length <= CONTEXT_LIMIT && !/[\p{Cc}\p{Cs}]/u.test(text), {
    error: `keptnContext must have ${LIMITS}`,
  })
  .meta({
    description: 'Keptn context: the UUID that all events of one run share',
    example: 'a3e5f16d-8888-4720-82c7-6995062905c1',
    minLength: 1,
    maxLength: CONTEXT_LIMIT,
  })
  .brand<'KeptnContext'>();
export type KeptnContext = z.infer<typeof keptnContext>;

/** Pads with blanks to 16 characters (not bytes), as the original does; only texts under 16 bytes are padded. */
function padded(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length >= UUID_BYTES) return bytes;
  const characters = Array.from(text).length;
  return Buffer.from(text + ' '.repeat(UUID_BYTES - characters), 'utf8');
}

function spelledAsUuid(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/**
 * The Keptn context for what a sender gave as `shkeptncontext`. A UUID is kept as it was spelled; any other text becomes
 * the version 4 UUID made of its first 16 bytes, so the same text always gives the same context.
 * @param input absent or empty: a random UUID
 */
export function toKeptnContext(input?: string): KeptnContext {
  if (input === undefined || input === '') return randomUUID() as string as KeptnContext;
  if (UUID_SPELLING.test(input)) return input as KeptnContext;
  const bytes = Buffer.from(padded(input).subarray(0, UUID_BYTES));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6); // version 4
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8); // variant of RFC 4122
  return spelledAsUuid(bytes) as KeptnContext;
}
