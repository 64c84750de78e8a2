import { describe, expect, it } from 'vitest';
import { toLoggedEvent } from '../../api/logged-event';
import { remediationSteps } from './remediation-steps';

const event = (type: string, data: object = {}) => toLoggedEvent({ id: type, type, data });
const PROBLEM = event('sh.keptn.event.problem.open', { State: 'OPEN', ProblemTitle: 'slow' });
const CLOSED = event('sh.keptn.event.problem.open', { State: 'RESOLVED' });
const step = (actionIndex: number, actionName: string) =>
  event('sh.keptn.event.remediation.status.changed', { remediation: { result: { actionIndex, actionName } } });
const acted = (action: object) => event('sh.keptn.event.action.finished', { action });
const evaluated = (result: string) => event('sh.keptn.events.evaluation-done', { result });
const finished = event('sh.keptn.event.remediation.finished', { remediation: { status: 'succeeded', result: 'pass' } });

const shown = (...events: ReturnType<typeof event>[]) =>
  remediationSteps(events).map(({ title, result, events: ofStep }) => [title, result, ofStep.length]);

describe('the steps of a remediation', () => {
  it('are the report, each action with what came of it, and the end', () => {
    const events = [
      ...[PROBLEM, step(0, 'scaling'), acted({ status: 'errored' })],
      ...[step(1, 'toggle'), acted({ result: 'pass', status: 'succeeded' }), evaluated('pass'), finished],
    ];
    expect(shown(...events)).toEqual([
      ['Reported', undefined, 1],
      ['Action 1: scaling', 'errored', 2],
      ['Action 2: toggle', 'pass', 3],
      ['Remediation finished', 'pass', 1],
    ]);
  });

  it('end with the problem', () => {
    expect(shown(PROBLEM, CLOSED)).toEqual([
      ['Reported', undefined, 1],
      ['Closed', 'closed', 1],
    ]);
  });

  it('survive events in which nothing is as it should be', () => {
    expect(shown(event('sh.keptn.event.remediation.status.changed', { remediation: 5 }), acted([]))).toEqual([
      ['Action', undefined, 2],
    ]);
    expect(shown()).toEqual([]);
  });
});
