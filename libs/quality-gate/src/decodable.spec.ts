import { describe, expect, it } from 'vitest';
import { earlierResultOf } from './earlier-results';

const VALUE = { metric: 'a', value: 100, success: true };

const earlier = (details: object, more: object = {}) =>
  earlierResultOf({
    id: 'e',
    data: { evaluationdetails: { indicatorResults: [{ value: VALUE }], ...details }, ...more },
  });

describe('an earlier evaluation', () => {
  it('is compared with, whatever is absent, null or unknown in it', () => {
    expect(earlier({ score: null, timeStart: undefined, seen: [1] }, { labels: null, eventContext: 7 })).toBeDefined();
    expect(earlier({}, { labels: { build: '7', note: null } })).toBeDefined();
  });

  it.each<[string, object, object?]>([
    ['a value that is text', { indicatorResults: [{ value: VALUE }, { value: { ...VALUE, value: 'fast' } }] }],
    ['a success that is no flag', { indicatorResults: [{ value: { ...VALUE, success: 'yes' } }] }],
    ['a target without a number', { indicatorResults: [{ value: VALUE, targets: [{ targetValue: '<5' }] }] }],
    ['an indicator that is text', { indicatorResults: [{ value: VALUE }, 'a'] }],
    ['a label that is a number', {}, { labels: { build: 7 } }],
    ['a score that is text', { score: '100' }],
    ['a result that is a list', {}, { result: ['pass'] }],
  ])('is passed over with %s, as a whole', (_what, details, more) => {
    expect(earlier(details, more)).toBeUndefined();
  });
});
