import { BadRequest } from '../errors/service-error';

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The text of a body, less a byte order mark.
 *
 * @throws BadRequest for bytes that are no text: replaced by question marks they would be stored damaged
 */
export function decodeUtf8(bytes: Buffer): string {
  try {
    return UTF_8.decode(bytes);
  } catch {
    throw new BadRequest('the body is not valid UTF-8', { reason: 'INVALID_JSON' });
  }
}
