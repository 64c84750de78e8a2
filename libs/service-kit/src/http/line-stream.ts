import { type IncomingHttpHeaders } from 'node:http';
import { LINE_STREAM } from '@keptn/api-models';

/**
 * Whether the body is a stream of lines. Such a body may be of any length, since its reader holds one line at a time: the
 * limit of MAX_BODY_BYTES is for each line, and instead of a deadline it has to keep moving.
 */
export function isLineStream({ 'content-type': mediaType }: IncomingHttpHeaders): boolean {
  return mediaType?.split(';', 1)[0]?.trim().toLowerCase() === LINE_STREAM;
}
