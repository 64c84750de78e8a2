import { type ApiGatewaySettings } from '../settings';

type Header = readonly [name: string, value: string];

const HALF_A_YEAR_SECONDS = 15_768_000;

/** For browsers: nothing here is guessed to be a script, shown in a foreign frame, or named to other sites. */
const ALWAYS: readonly Header[] = [
  ['x-content-type-options', 'nosniff'],
  ['content-security-policy', "frame-ancestors 'none'"],
  ['referrer-policy', 'no-referrer'],
];

export function securityHeaders(settings: Pick<ApiGatewaySettings, 'TLS_CERT_FILE'>): readonly Header[] {
  return settings.TLS_CERT_FILE === undefined
    ? ALWAYS
    : [...ALWAYS, ['strict-transport-security', `max-age=${HALF_A_YEAR_SECONDS}`]];
}
