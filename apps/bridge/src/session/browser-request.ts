import { type IncomingHttpHeaders } from 'node:http';
import { type FastifyRequest } from 'fastify';
import { type CookieScope } from './session-cookie';

/** The gateway says in these headers whom a request is from. */
const first = (value: string | string[] | undefined): string | undefined =>
  (typeof value === 'string' ? value : value?.[0])?.split(',')[0]?.trim();

export const clientOf = ({ headers, ip }: Pick<FastifyRequest, 'headers' | 'ip'>): string =>
  first(headers['x-real-ip']) ?? ip;

/** Where the browser sees the gateway, e.g. `https://keptn.example.com`. */
export const publicOrigin = ({ headers, host }: Pick<FastifyRequest, 'headers' | 'host'>): string =>
  `${first(headers['x-forwarded-proto']) ?? 'http'}://${first(headers['x-forwarded-host']) ?? host}`;

export const isFromGateway = (headers: IncomingHttpHeaders): boolean => headers['x-real-ip'] !== undefined;

export const scopeOf = (headers: IncomingHttpHeaders, prefix: string): CookieScope => ({
  prefix,
  isSecure: first(headers['x-forwarded-proto']) === 'https',
});
