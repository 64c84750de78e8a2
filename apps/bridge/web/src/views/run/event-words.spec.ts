import { describe, expect, it } from 'vitest';
import { toLoggedEvent } from '../../api/logged-event';
import { factsOf, resultOf, titleOf } from './event-words';

const event = (type: string, data: object) => toLoggedEvent({ id: '1', type, source: 'test', data });
const change = (action: string) => event('sh.keptn.event.configuration.change', { canary: { action, value: 100 } });

describe('an event in words', () => {
  it.each([
    ['set', 'Configuration changed'],
    ['promote', 'Canary promoted'],
    ['discard', 'Canary discarded'],
    ['constructor', 'Configuration changed'],
  ])('says what became of a canary: %s', (action, title) => {
    expect(titleOf(change(action))).toBe(title);
    expect(factsOf(change(action))).toContainEqual(['Action', action]);
  });

  it('says why an evaluation was declared invalid', () => {
    const invalidated = event('sh.keptn.events.evaluation.invalidated', { evaluation: { reason: 'load test broke' } });
    expect(factsOf(invalidated)).toContainEqual(['Reason', 'load test broke']);
  });

  it.each(['triggered', 'reminder'])('takes the evaluation before an approval for no decision: %s', (step) => {
    const asked = event(`sh.keptn.event.approval.${step}`, { result: 'pass' });
    expect(resultOf(asked)).toBe('');
    expect(factsOf(asked)).toContainEqual(['Evaluated before', 'pass']);
  });

  it('says how a decision came out', () => {
    expect(resultOf(event('sh.keptn.event.approval.finished', { approval: { result: 'failed' } }))).toBe('failed');
  });
});
