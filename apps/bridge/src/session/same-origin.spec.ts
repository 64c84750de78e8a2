import { describe, expect, it } from 'vitest';
import { isForeignChange } from './same-origin';

const isForeign = (method: string, headers: Record<string, string>): boolean =>
  isForeignChange(method, { host: 'keptn.example', ...headers });

describe('a change', () => {
  it.each([
    { cookie: 'a=b', 'x-keptn-bridge': '1', 'sec-fetch-site': 'same-origin', origin: 'http://keptn.example' },
    { cookie: 'a=b', 'x-keptn-bridge': '1' },
    { authorization: 'Basic xyz' },
    { host: 'bridge:8080', 'x-forwarded-host': 'keptn.example', origin: 'https://keptn.example' },
  ])('of the own page or of a program is let through: %o', (headers) => {
    expect(isForeign('POST', headers)).toBe(false);
  });

  it.each([
    { cookie: 'a=b' },
    { cookie: 'a=b', 'x-keptn-bridge': '1', 'sec-fetch-site': 'cross-site' },
    { cookie: 'a=b', 'x-keptn-bridge': '1', 'sec-fetch-site': 'same-site' },
    { authorization: 'Basic xyz', 'sec-fetch-site': 'cross-site' },
    { authorization: 'Basic xyz', origin: 'http://evil.example' },
    { authorization: 'Basic xyz', origin: 'null' },
    { 'x-keptn-bridge': '1', origin: 'http://keptn.example:81' },
  ])('that another site could have caused is refused: %o', (headers) => {
    expect(isForeign('POST', headers)).toBe(true);
  });

  it('is no GET', () => {
    expect(isForeign('GET', { cookie: 'a=b', 'sec-fetch-site': 'cross-site' })).toBe(false);
  });
});
