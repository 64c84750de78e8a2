import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matches, narrowed, toQuery } from './event-filter';
import { type EventRecord } from './event.schema';
import { type Position } from './position';

const record = (fields: Partial<EventRecord>): EventRecord => ({
  _id: 1,
  position: 'm',
  time: new Date(0),
  id: 'i',
  source: 's',
  type: 't',
  specversion: '0.2',
  event: '{}',
  ...fields,
});

describe('filters', () => {
  it('become conditions on values only, whatever the values are', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (values) => {
        const query = toQuery({ anyOf: { project: values, type: ['$where'] } });
        expect(query).toEqual({
          project: values.length === 1 ? { $eq: values[0] } : { $in: values },
          type: { $eq: '$where' },
        });
      }),
    );
  });

  it('hold when every field has one of its values', () => {
    const event = record({ project: 'a' });
    expect(matches({ anyOf: { project: ['b', 'a'], type: ['t'] } }, event)).toBe(true);
    expect(matches({ anyOf: { project: ['b', 'a'], type: ['u'] } }, event)).toBe(false);
    expect(matches({ anyOf: { stage: [''] } }, event)).toBe(false);
    expect(matches({ anyOf: { project: [] } }, event)).toBe(false);
  });

  it('include their lower bound and not their upper one', () => {
    const [l, m, n] = ['l', 'm', 'n'] as Position[] as [Position, Position, Position];
    expect(matches({ anyOf: {}, from: m, until: n }, record({}))).toBe(true);
    expect(matches({ anyOf: {}, from: l, until: m }, record({}))).toBe(false);
  });

  it('that are narrowed hold where both hold', () => {
    const position = fc.string({ minLength: 1, maxLength: 3 }).map((text) => text as Position);
    const range = fc.record({ from: position, until: position }, { requiredKeys: [] });
    fc.assert(
      fc.property(range, range, position, (one, other, at) => {
        const event = record({ position: at });
        const isInBoth = matches({ anyOf: {}, ...one }, event) && matches({ anyOf: {}, ...other }, event);
        expect(matches(narrowed({ anyOf: {}, ...one }, other), event)).toBe(isInBoth);
      }),
    );
  });
});
