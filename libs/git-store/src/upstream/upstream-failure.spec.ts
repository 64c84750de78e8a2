import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutSecrets } from './upstream-failure';

const hidden = (text: string, token: string) => withoutSecrets(text, { kind: 'token', user: 'me', token });

describe('what an upstream said', () => {
  it.each([
    [
      'a',
      'The upstream repository cannot be reached (a: b)',
      'The upstream repository cannot be reached (********: b)',
    ],
    ['e', 'remote: refused', 'remote: refused'],
    ['1', 'HTTP 401; code 1', 'HTTP 401; code ********'],
    ['a+b', 'wrong: "a+b" and a%2Bb', 'wrong: "********" and ********'],
    ['é', 'née, é', 'née, ********'],
  ])('hides the short secret %s only where it stands alone', (token, text, shown) => {
    expect(hidden(text, token)).toBe(shown);
  });

  it('hides a secret of the usual length wherever it is, in each form in which it was sent', () => {
    const token = 'glpat-5ecret/0f=us';
    const forms = [token, encodeURIComponent(token), Buffer.from(`me:${token}`).toString('base64')];
    for (const form of forms) expect(hidden(`x${form}y`, token)).toBe('x********y');
  });

  it('never holds a long secret, whatever it is made of', () => {
    const token = fc.string({ minLength: 12 }).filter((text) => /^[^*]+$/.test(text));
    fc.assert(
      fc.property(token, fc.string(), (secret, text) => {
        expect(hidden(`${text}${secret}${text}`, secret)).not.toContain(secret);
      }),
    );
  });
});
