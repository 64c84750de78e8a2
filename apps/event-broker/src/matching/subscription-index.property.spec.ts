import { type SubscriptionFilter } from '@keptn/api-models';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Interest, SubscriptionIndex } from './subscription-index';

type Json = Readonly<Record<string, unknown>>;

/*
 * The oracle: the same question answered in another way. Types by a regular expression made of the pattern, fields by a list of
 * all leaves of the event, filters by evaluating each dialect for itself.
 */
const expressionOf = (pattern: string): RegExp => {
  const isSubject = /(^|\.)[*>](\.|$)/.test(pattern);
  const source = pattern
    .replace(/[$()+?[\\\]^{|}]/g, '\\$&')
    .replaceAll('.', '\\.')
    .replace(/\*/g, isSubject ? '[^.]*' : '.*')
    .replace(/>$/, '.*');
  return new RegExp(`^${source}$`, 's');
};

const leavesOf = (value: unknown, path: string): [string, string][] => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return [[path, `${value}`]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, path === '' ? key : `${path}.${key}`));
};

const holds = (filter: SubscriptionFilter, leaves: ReadonlyMap<string, string>): boolean => {
  const field = (name: string): string | undefined =>
    leaves.get(['project', 'stage', 'service', 'result'].includes(name) ? `data.${name}` : name);
  const each = (
    part: Readonly<Record<string, string>> | undefined,
    test: (text: string, wanted: string) => boolean,
  ) => {
    for (const [name, wanted] of Object.entries(part ?? {})) {
      const text = field(name);
      if (text === undefined || !test(text, wanted)) return false;
    }
    return true;
  };
  if (!each(filter.exact, (text, wanted) => text === wanted)) return false;
  if (!each(filter.prefix, (text, wanted) => text.slice(0, wanted.length) === wanted)) return false;
  if (!each(filter.suffix, (text, wanted) => wanted === '' || text.slice(-wanted.length) === wanted)) return false;
  if (filter.all?.some((inner) => !holds(inner, leaves)) === true) return false;
  if (filter.any !== undefined && filter.any.filter((inner) => holds(inner, leaves)).length === 0) return false;
  return filter.not === undefined || !holds(filter.not, leaves);
};

const isWanted = ({ types, filters }: Interest, event: Json): boolean => {
  const leaves = new Map(leavesOf(event, ''));
  const isOfType = types.length === 0 || types.some((pattern) => expressionOf(pattern).test(String(event['type'])));
  return isOfType && filters.every((filter) => holds(filter, leaves));
};

/** Few words, so that events and filters meet often. */
const word = fc.constantFrom('a', 'b', 'ab', 'ba', 'sh', 'keptn');
const type = fc.array(word, { minLength: 1, maxLength: 4 }).map((tokens) => tokens.join('.'));
const pattern = fc.oneof(
  type,
  type.map((text) => `${text}*`),
  fc.array(fc.oneof(word, fc.constant('*')), { minLength: 1, maxLength: 4 }).map((tokens) => tokens.join('.')),
  type.map((text) => `${text}.>`),
  fc.constantFrom('>', '*.>'),
);
const leaf = fc.oneof(word, fc.constantFrom(1, 10, 1.5, true, null, ''));
const data = fc.dictionary(
  fc.constantFrom('project', 'stage', 'service', 'result', 'labels', 'n'),
  fc.oneof(leaf, fc.dictionary(word, leaf, { maxKeys: 3 })),
  { maxKeys: 4 },
);
const event = fc
  .record(
    { type, source: word, id: word, subject: word, data: fc.oneof(data, leaf) },
    { requiredKeys: ['type', 'source', 'id'] },
  )
  .map((record): Json => record);
const name = fc.constantFrom(
  'type',
  'source',
  'id',
  'subject',
  'project',
  'stage',
  'data.n',
  'data.labels.a',
  'data.labels',
);
const comparison = fc.dictionary(name, fc.oneof(word, fc.constantFrom('1', '1.5', 'true', '')), {
  minKeys: 1,
  maxKeys: 2,
});
const { filter } = fc.letrec<{ filter: SubscriptionFilter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.record({ exact: comparison, prefix: comparison, suffix: comparison }, { requiredKeys: [] }),
    fc.record({ all: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('filter') }),
  ),
}));
const interest = fc.record({
  types: fc.array(pattern, { maxLength: 3 }),
  filters: fc.array(filter, { maxLength: 2 }),
});

describe('who gets an event', () => {
  it('is exactly everyone whose types and filters match it', () => {
    fc.assert(
      fc.property(fc.array(interest, { maxLength: 6 }), fc.array(event, { maxLength: 8 }), (interests, events) => {
        const index = new SubscriptionIndex<number>();
        interests.forEach((each, number) => {
          index.set(number, each);
        });
        for (const each of events) {
          const wanted = interests.flatMap((candidate, number) => (isWanted(candidate, each) ? [number] : []));
          expect(index.matching(String(each['type']), each)).toEqual(wanted);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is no longer a subscriber that has left, nor one by what it wanted before', () => {
    const index = new SubscriptionIndex<string>();
    index.set('one', { types: ['a.b'], filters: [] });
    index.set('other', { types: ['a.>'], filters: [] });
    expect(index.matching('a.b', {})).toEqual(['one', 'other']);
    index.delete('other');
    index.set('one', { types: ['a.c'], filters: [] });
    expect([index.matching('a.b', {}), index.matching('a.c', {}), index.matches('one', 'a.c', {})]).toEqual([
      [],
      ['one'],
      true,
    ]);
  });
});
