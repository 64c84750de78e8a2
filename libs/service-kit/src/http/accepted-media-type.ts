import { type IncomingHttpHeaders } from 'node:http';
import Negotiator from 'negotiator';
import { NotAcceptable } from '../errors/service-error';

/** Parameters of a media range other than its weight, such as `charset=utf-8`, which clients send and nothing here depends on. */
const OTHER_PARAMETERS = /;(?!\s*q\s*=)[^,;]*/gi;

/**
 * The media type that the caller likes best (RFC 9110 section 12.5.1); the first one offered when they do not say.
 *
 * @param offered in which forms the answer can be given
 * @throws NotAcceptable with the text of the original (contract 3.0)
 */
export function acceptedMediaType({ accept }: IncomingHttpHeaders, offered: readonly string[]): string | undefined {
  if (accept === undefined || accept === '' || accept === '*/*') {
    return offered[0];
  }
  const negotiator = new Negotiator({ headers: { accept: accept.replace(OTHER_PARAMETERS, '') } });
  const accepted = negotiator.mediaType([...offered]);
  if (accepted === undefined) {
    throw new NotAcceptable(`unsupported media type requested, only [${offered.join(' ')}] are available`);
  }
  return accepted;
}
