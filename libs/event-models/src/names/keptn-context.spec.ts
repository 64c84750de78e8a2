import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keptnContext, toKeptnContext } from './keptn-context';

const UUID_4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('toKeptnContext', () => {
  it.each([
    ['a', '61202020-2020-4020-a020-202020202020'],
    ['mycontext', '6d79636f-6e74-4578-b420-202020202020'],
    ['1234567890123456', '31323334-3536-4738-b930-313233343536'],
    ['1234567890123456 and more', '31323334-3536-4738-b930-313233343536'],
    // 2 bytes, padded to 16 characters: the 17th byte falls away
    ['é', 'c3a92020-2020-4020-a020-202020202020'],
    // 16 bytes in 8 characters: nothing is padded
    ['éééééééé', 'c3a9c3a9-c3a9-43a9-83a9-c3a9c3a9c3a9'],
    // one character of 4 bytes, although two units of a JavaScript string
    ['😀', 'f09f9880-2020-4020-a020-202020202020'],
  ])('turns %j into %s', (text, context) => {
    expect(toKeptnContext(text)).toBe(context);
  });

  it.each([
    'a3e5f16d-8888-1720-02c7-6995062905c1',
    'A3E5F16D-8888-4720-82C7-6995062905C1',
    'urn:uuid:a3e5f16d-8888-4720-82c7-6995062905c1',
    '{a3e5f16d-8888-4720-82c7-6995062905c1}',
    'a3e5f16d8888472082c76995062905c1',
  ])('keeps the UUID %s as it is spelled', (uuid) => {
    expect(toKeptnContext(uuid)).toBe(uuid);
  });

  it.each([undefined, ''])('makes a random one for %j', (input) => {
    expect(toKeptnContext(input)).toMatch(UUID_4);
    expect(toKeptnContext(input)).not.toBe(toKeptnContext(input));
  });

  it('gives the same version 4 UUID for the same text, and only its first 16 bytes matter', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.string(), (text, more) => {
        fc.pre(!/^[0-9a-f{}:urnd-]*$/i.test(text));
        const context = toKeptnContext(text);
        expect(context).toMatch(UUID_4);
        expect(toKeptnContext(text)).toBe(context);
        if (Buffer.byteLength(text) >= 16) expect(toKeptnContext(text + more)).toBe(context);
      }),
    );
  });

  it('leaves its own result alone', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const context = toKeptnContext(text);
        expect(toKeptnContext(context)).toBe(context);
      }),
    );
  });
});

describe('keptnContext', () => {
  it('accepts any text that a context may be asked by', () => {
    expect(keptnContext.parse('mycontext')).toBe('mycontext');
  });

  it.each(['', 'a\0', 'x'.repeat(1025), 5])('refuses %j', (value) => {
    expect(keptnContext.safeParse(value).success).toBe(false);
  });
});
