import { FILTER_KEYS } from '@keptn/api-models';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFilter, UnusableFilter } from './filter-grammar';

const value = fc
  .string({ minLength: 1 })
  .filter((text) => !text.includes(',') && !text.includes(' AND ') && !/^ *AND|AND *$/.test(text));

describe('parseFilter', () => {
  it('reads clauses and lists of values', () => {
    expect(parseFilter('data.project:sockshop AND data.result:pass,warning AND source:https://x:1/y')).toEqual({
      anyOf: { project: ['sockshop'], result: ['pass', 'warning'], source: ['https://x:1/y'] },
      ignored: [],
    });
  });

  it('lets every clause hold: of two with the same key, what they have in common', () => {
    expect(parseFilter('data.project:a,b AND data.project:b,c')).toMatchObject({ anyOf: { project: ['b'] } });
    expect(parseFilter('data.project:a AND data.project:b')).toMatchObject({ anyOf: { project: [] } });
  });

  it('passes over what is no key:value and says so', () => {
    expect(parseFilter('data.project:a AND staging AND ')).toEqual({
      anyOf: { project: ['a'] },
      ignored: ['staging', ''],
    });
  });

  it('gives back the values of any clauses', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.constantFrom(...FILTER_KEYS), fc.uniqueArray(value, { minLength: 1 })), {
          selector: ([key]) => key,
        }),
        fc.uniqueArray(value, { minLength: 1 }),
        (clauses, projects) => {
          const all = [['data.project', projects] as const, ...clauses.filter(([key]) => key !== 'data.project')];
          const parsed = parseFilter(all.map(([key, values]) => `${key}:${values.join(',')}`).join(' AND '));
          expect(Object.values(parsed.anyOf)).toEqual(all.map(([, values]) => values));
        },
      ),
    );
  });

  it('reads any other text as nothing but fields of the closed list, or refuses it', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `data.project:a AND ${text}`),
        ),
        (text) => {
          try {
            const fields = Object.keys(parseFilter(text).anyOf);
            expect(fields.every((field) => FILTER_KEYS.some((key) => key.endsWith(field)))).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(UnusableFilter);
          }
        },
      ),
    );
  });
});
