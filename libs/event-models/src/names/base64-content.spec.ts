import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64Content, decodeBase64Content, encodeBase64Content } from './base64-content';

const reasonFor = (text: unknown, maxBytes = 100) =>
  base64Content({ maxBytes }).safeParse(text).error?.issues[0]?.message;

describe('base64Content', () => {
  it('gives every content back, byte for byte', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const content = base64Content().parse(encodeBase64Content(bytes));
        expect(decodeBase64Content(content).equals(bytes)).toBe(true);
      }),
    );
  });

  it('accepts the line breaks of the base64 command', () => {
    expect(decodeBase64Content(base64Content().parse('YWJj\nZGVm\r\n')).toString()).toBe('abcdef');
  });

  it.each(['a', 'YQ', 'YQ=', 'YR==', 'YQ==YQ==', 'YWJj=', 'YW-_', 'YWJj YWJj', '====', '!!!!'])(
    'refuses %j',
    (text) => {
      expect(reasonFor(text)).toContain('not valid base64');
    },
  );

  it('limits the decoded size, counted without padding', () => {
    expect(reasonFor(encodeBase64Content('x'.repeat(100)))).toBeUndefined();
    expect(reasonFor(encodeBase64Content('x'.repeat(101)))).toBe(
      'content must not be larger than 100 bytes once decoded',
    );
  });

  it('reads ten megabytes', () => {
    const content = encodeBase64Content(Buffer.alloc(10 * 1024 * 1024, 7));
    expect(base64Content().safeParse(content).success).toBe(true);
  });
});
