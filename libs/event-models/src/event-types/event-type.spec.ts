import { describe, expect, it } from 'vitest';
import { invalidatedTypeOf, KeptnEventType } from './event-type';

describe('event types', () => {
  it.each([
    ['sh.keptn.events.evaluation-done', 'sh.keptn.events.evaluation.invalidated'],
    ['sh.keptn.event.approval.triggered', 'sh.keptn.event.approval.invalidated'],
    ['sh.keptn.events.tests-finished', 'sh.keptn.events.invalidated'],
    ['plain', 'invalidated'],
  ])('events of type %s are invalidated by %s', (type, invalidated) => {
    expect(invalidatedTypeOf(type)).toBe(invalidated);
  });

  it('all begin with sh.keptn. and are different', () => {
    const types = Object.values(KeptnEventType);
    expect(types.every((type) => type.startsWith('sh.keptn.'))).toBe(true);
    expect(new Set(types).size).toBe(types.length);
  });
});
