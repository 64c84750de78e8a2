import { describe, expect, it } from 'vitest';
import { isTypePattern, typeMatcherOf } from './type-pattern';

describe('a pattern of event types', () => {
  it.each([
    ['sh.keptn.event.approval.triggered', ['sh.keptn.event.approval.triggered'], ['sh.keptn.event.approval']],
    ['sh.keptn.event.*.triggered', ['sh.keptn.event.approval.triggered'], ['sh.keptn.event.a.b.triggered']],
    ['sh.keptn.>', ['sh.keptn.event', 'sh.keptn.event.approval.triggered'], ['sh.keptn', 'sh.keptnx.a']],
    ['sh.keptn.events*', ['sh.keptn.events.tests-finished', 'sh.keptn.events'], ['sh.keptn.event.a']],
  ])('%s means what NATS and a prefix mean', (pattern, wanted, others) => {
    const matches = typeMatcherOf(pattern);
    expect(wanted.every(matches)).toBe(true);
    expect(others.some(matches)).toBe(false);
  });

  it.each(['', '.', 'a..b', 'a.>.b', 'a>', '>a', 'a*b', 'a.*b', '*.a*', 'a b', 'a.b*.c'])(
    'cannot be "%s"',
    (pattern) => {
      expect(isTypePattern(pattern)).toBe(false);
    },
  );

  it.each(['>', '*', 'a.*', '*.b', 'a*', 'a.b*', 'a.>', '*.>'])('can be "%s"', (pattern) => {
    expect(isTypePattern(pattern)).toBe(true);
  });
});
