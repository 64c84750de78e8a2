import type { OpenApproval } from '@keptn/api-models';
import { describe, expect, it } from 'vitest';
import { withDecided } from './decided-here';

const approval = (eventId: string): OpenApproval => ({
  ...{ eventId, keptnContext: eventId, project: 'sockshop', stage: 'production', service: 'carts' },
  ...{ result: 'pass', since: '2020-11-23T10:15:30.123Z' },
});

const shown = (open: string, decided: Readonly<Record<string, number>>): string => {
  const entries = Object.entries(decided).map(([id, index]) => [id, { approval: approval(id), index }] as const);
  const list = withDecided(Array.from(open, approval), new Map(entries));
  return list.map(({ eventId }) => eventId).join('');
};

describe('the list of approvals', () => {
  it('is that of the open ones as long as nothing is decided', () => {
    expect(shown('abc', {})).toBe('abc');
  });

  it('keeps what was decided here where it was', () => {
    expect(shown('ac', { b: 1 })).toBe('abc');
    expect(shown('b', { c: 2, a: 0 })).toBe('abc');
    expect(shown('', { a: 0 })).toBe('a');
  });

  it('has what is still open once', () => {
    expect(shown('ab', { a: 0 })).toBe('ab');
  });

  it('keeps what was decided when the list is shorter by now', () => {
    expect(shown('a', { z: 7 })).toBe('az');
  });
});
