import { type IncomingHttpHeaders } from 'node:http';
import { Forbidden } from '@keptn/service-kit';

/** A page of another site can set no header of its own without being asked whether it may, and it may not. */
export const PAGE_HEADER = 'x-keptn-bridge';

const READING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a page of another site may have a browser make this change. Programs, which send no cookie, say nothing of origins.
 */
export function isForeignChange(method: string, headers: IncomingHttpHeaders): boolean {
  if (READING.has(method)) return false;
  const { 'sec-fetch-site': site, origin, cookie } = headers;
  return (
    (site !== undefined && site !== 'same-origin') ||
    (origin !== undefined && hostOf(origin) !== ownHost(headers)) ||
    (cookie !== undefined && headers[PAGE_HEADER] === undefined)
  );
}

export class ForeignChange extends Forbidden {
  constructor() {
    super(`changes are accepted from pages of the Bridge itself only, which send the header ${PAGE_HEADER}`);
  }
}

const ownHost = ({ 'x-forwarded-host': forwarded, host }: IncomingHttpHeaders): string | undefined =>
  typeof forwarded === 'string' ? forwarded : host;

const hostOf = (origin: string): string | undefined => (URL.canParse(origin) ? new URL(origin).host : undefined);
