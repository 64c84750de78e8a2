import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson, stringifyJson } from './exact-json';
import { InvalidJson, JsonTooDeep } from './json.errors';
import { type ExactNumber, isExactNumber, isJsonObject, numberOf } from './json-value';

const again = (text: string) => stringifyJson(parseJson(text));

describe('parseJson and stringifyJson', () => {
  it('skips a byte order mark', () => {
    expect(parseJson('\ufeff{"a":1.0}')).toEqual(parseJson('{"a":1.0}'));
  });

  it.each([
    ...[
      '0',
      '-1',
      '1.5',
      '9007199254740991',
      '9007199254740992',
      '9007199254740993',
      '-0',
      '1.0',
      '1e3',
      '1E+2',
      '0.10',
    ],
    ...['123456789012345678901234567890', '0.1234567890123456789012345678901', '1e400', '5e-400', '1e21', '100.00'],
  ])('keep the number %s as it is written', (number) => {
    expect(again(number)).toBe(number);
    expect(again(`{"a":[${number},"${number}"]}`)).toBe(`{"a":[${number},"${number}"]}`);
  });

  it('give plain numbers where these are exact', () => {
    expect(parseJson('{"a":[1,-2.5,9007199254740991]}')).toEqual({ a: [1, -2.5, 9007199254740991] });
  });

  it('give numbers that are not exact as ExactNumber, from which the nearest number can be had', () => {
    const value = parseJson('9007199254740993');
    expect(isExactNumber(value)).toBe(true);
    expect(isJsonObject(value)).toBe(false);
    expect(numberOf(value as ExactNumber)).toBe(9007199254740992);
  });

  it('keep any JSON with numbers of any length', () => {
    const digits = fc.stringMatching(/^(?:0|[1-9][0-9]{0,30})$/);
    const literal = fc
      .tuple(
        fc.constantFrom('', '-'),
        digits,
        fc.constantFrom('', '.0', '.5', '.12345678901234567890'),
        fc.constantFrom('', 'e5', 'E-12'),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.array(literal)), (lists) => {
        const fields = Object.entries(lists).map(([key, list]) => `${JSON.stringify(key)}:[${list.join(',')}]`);
        const text = `{${fields.join(',')}}`;
        expect(again(text)).toBe(text);
      }),
    );
  });

  it('agree with JSON.parse on any JSON', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(JSON.parse(again(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuse what JSON.parse refuses', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('"', '\\', '[', ']', '{', '}', ',', ':', '1.0', '-', 'e', 'null', ' ') }),
        (text) => {
          let plain: unknown;
          try {
            plain = JSON.parse(text);
          } catch {
            expect(() => parseJson(text)).toThrow(InvalidJson);
            return;
          }
          expect(JSON.parse(again(text))).toEqual(plain);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each(['{"__proto__":{"polluted":1}}', '{"__proto__":{"polluted":1.0}}', '{"a":{"__proto__":null,"":1.0}}'])(
    'keep the keys of %s without touching any prototype',
    (text) => {
      expect(again(text)).toBe(text);
      expect(Object.getPrototypeOf(parseJson(text))).toBe(Object.prototype);
      expect({}).not.toHaveProperty('polluted');
    },
  );

  it.each(['{"a":1,"a":2}', '{"a":1.0,"a":2}', '{"a":{"b":1.0},"a":2}'])(
    'let the last of equal keys win in %s',
    (text) => {
      expect(parseJson(text)).toEqual({ a: 2 });
    },
  );

  it.each(['[', '{"a":', '[1.0,'])('refuse nesting beyond the limit, made of %j', (unit) => {
    expect(() => parseJson(unit.repeat(101))).toThrow(JsonTooDeep);
    expect(() => parseJson(unit.repeat(1_000_000 / unit.length))).toThrow(
      'JSON must not be nested deeper than 100 levels of objects and arrays',
    );
  });

  it('read and write nesting up to the limit', () => {
    const text = '['.repeat(100) + '1.0' + ']'.repeat(100);
    expect(again(text)).toBe(text);
    expect(() => parseJson(text, { maxDepth: 99 })).toThrow(JsonTooDeep);
  });

  it('do not take brackets and numbers inside of strings for what they look like', () => {
    const text = JSON.stringify({ a: '['.repeat(500) + '\\" 1.0 "', b: '\\' });
    expect(again(text)).toBe(text);
  });

  it('refuse to write what is nested too deeply or contains itself', () => {
    const circle: unknown[] = [];
    circle.push(circle);
    expect(() => stringifyJson(circle)).toThrow(JsonTooDeep);
  });

  it('refuse to write what has no JSON form', () => {
    expect(() => stringifyJson(undefined)).toThrow(InvalidJson);
  });

  it('write bigints digit by digit', () => {
    expect(stringifyJson({ a: 2n ** 64n })).toBe('{"a":18446744073709551616}');
  });
});
