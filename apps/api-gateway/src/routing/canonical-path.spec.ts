import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalTarget, UnsafePath } from './canonical-path';

describe('the canonical form of a request target', () => {
  it.each([
    ['/api/v1/project', '/api/v1/project', ''],
    ['//api///v1/project/', '/api/v1/project/', ''],
    ['/%61pi/v1/%70roject?a=%61', '/api/v1/project', '?a=%61'],
    ['/resource/helm%2fvalues.yaml', '/resource/helm%2Fvalues.yaml', ''],
    ['/resource/helm%252Fa', '/resource/helm%252Fa', ''],
    ['/resource/.%2Fa', '/resource/a', ''],
    ['/resource/%2e%2fhelm%2F.%2F.%2Fa', '/resource/helm%2Fa', ''],
    ['http://elsewhere/api?x', '/api', '?x'],
    ['HTTPS://elsewhere', '/', ''],
    ['/api?', '/api', ''],
    ['/api#x?y', '/api', ''],
    ['/api?x#y', '/api', '?x'],
    ['/a/..b/.c/...', '/a/..b/.c/...', ''],
  ])('%s is %s%s', (target, path, query) => {
    expect(canonicalTarget(target)).toEqual({ path, query });
  });

  it.each([
    '/api/../x',
    '/api/..',
    '/api/./x',
    '/api/%2e%2E/x',
    '/api/.%2e/x',
    '/api/x%2F..%2Fy',
    '/api/x%2F.%2F..%2Fy',
    '/api/x%2F.',
    '/api/%2e',
    '/api\\x',
    '/api%5cx',
    '/api%00',
    '/api%0d%0aX: y',
    '/api%7f',
    '/api%',
    '/api%4',
    '/api%zz',
    '/api%aa',
    '/api%c0%af',
    '/api;x="',
    '/ap i',
    '/ä',
    '*',
    'api',
    'ftp://elsewhere/api',
    'localhost:80',
    `/${'a'.repeat(9000)}`,
  ])('%s is refused', (target) => {
    expect(() => canonicalTarget(target)).toThrow(UnsafePath);
  });

  it('is its own canonical form, and never holds a way upwards, whatever was sent', () => {
    const piece = fc.constantFrom(
      '/',
      '.',
      '%2e',
      '%2E',
      '%2f',
      '%252e',
      '%',
      'a',
      '\\',
      '%5c',
      '?',
      '#',
      ';',
      'api',
      'é',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        let path: string;
        try {
          path = canonicalTarget(`/${pieces.join('')}`).path;
        } catch (error) {
          expect(error).toBeInstanceOf(UnsafePath);
          return;
        }
        expect(canonicalTarget(path).path).toBe(path);
        expect(new URL(path, 'http://host').pathname).toBe(path);
        expect(decodeURIComponent(path).split('/')).not.toContain('..');
      }),
      { numRuns: 2_000 },
    );
  });
});
