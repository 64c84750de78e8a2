import { KeptnEventType } from '@keptn/event-models';
import { describe, expect, it } from 'vitest';
import { type ContextEvent } from '../context-event';
import { EventBuilder } from '../event-builder';
import { needsFirstStage, runOf } from './run';

const APPROVAL = { stage: 'staging', image: 'carts', tag: '1', result: 'pass' };

/** Of the last step: what is under way, and what it waits for. */
function lastStep(events: readonly ContextEvent[]) {
  const run = runOf(events);
  const { state, awaits } = run?.steps.at(-1) ?? {};
  return [run?.isOpen, state, awaits?.split(' from ')[0]];
}

describe('a delivery', () => {
  it('is shown with what is under way and what it waits for, event by event', () => {
    const builder = new EventBuilder();
    const approval = builder.event(KeptnEventType.approvalTriggered, { data: APPROVAL });
    const finished = (result: string) =>
      builder.event(KeptnEventType.approvalFinished, {
        triggeredid: approval.id,
        data: { ...APPROVAL, approval: { result, status: 'succeeded' } },
      });
    const story: [ContextEvent, unknown[]][] = [
      [builder.wanted('carts:1', { stage: '' }), [true, 'deploying', 'deployment-finished']],
      [builder.deployed(), [true, 'testing', 'tests-finished']],
      [builder.tested(), [true, 'evaluating', 'evaluation-done']],
      [builder.event(KeptnEventType.getSli), [true, 'evaluating', 'get-sli.done']],
      [builder.event(KeptnEventType.getSliDone), [true, 'evaluating', 'evaluation-done']],
      [builder.evaluated('pass'), [false, 'finished', undefined]],
      [
        builder.event(KeptnEventType.configurationChange, { data: { canary: { action: 'promote' } } }),
        [false, 'finished', undefined],
      ],
      [approval, [true, 'awaiting approval', 'approval.finished']],
      [finished('pass'), [true, 'deploying', undefined]],
    ];
    const events = story.map(([event]) => event);
    for (const [index, [event, expected]] of story.entries())
      expect(lastStep(events.slice(0, index + 1)), event.type).toEqual(expected);
    expect(runOf(events)).toMatchObject({
      kind: 'delivery',
      project: 'sockshop',
      startedAt: events[0]?.time,
      images: ['carts:1'],
      steps: [{ stage: 'dev', image: 'carts:1', result: 'pass' }, { stage: 'staging' }],
    });
  });

  it('without a stage is on its way into the first one', () => {
    const builder = new EventBuilder();
    const wanted = builder.wanted('carts:1', { stage: '' });
    const inDev = { stage: 'dev', state: 'deploying', image: 'carts:1' };
    expect(runOf([wanted], 'dev')).toMatchObject({ isOpen: true, steps: [inDev] });
    const again = [wanted, builder.deployed(), builder.wanted('carts:2', { stage: '' })];
    expect(runOf(again, 'dev')?.steps).toMatchObject([{ ...inDev, image: 'carts:2' }]);
  });

  it('without a stage is where its deployment was reported, whatever the shipyard says by now', () => {
    const builder = new EventBuilder();
    const run = runOf([builder.wanted('carts:1', { stage: '' }), builder.deployed()], 'renamed');
    expect(run?.steps).toMatchObject([{ stage: 'dev', state: 'testing' }]);
  });

  it('has no stage only while neither an event nor the shipyard names it', () => {
    const builder = new EventBuilder();
    const events = [builder.wanted('carts:1', { stage: '' }), builder.deployed()];
    const runs = [runOf(events.slice(0, 1)), runOf(events.slice(0, 1), 'dev'), runOf(events)];
    expect(runs.map((run) => run && needsFirstStage(run))).toEqual([true, false, false]);
  });

  it.each([
    ['promote', 'promotedAt', 'discardedAt'],
    ['discard', 'discardedAt', 'promotedAt'],
  ])(
    'says until the next deployment when there was a %s of its canary, the first one of which counts',
    (action, at, not) => {
      const builder = new EventBuilder();
      const canary = (other: string) =>
        builder.event(KeptnEventType.configurationChange, { data: { canary: { action: other } } });
      const events = [
        builder.wanted('carts:1'),
        builder.deployed(),
        canary(action),
        canary('promote'),
        canary('discard'),
      ];
      const step = runOf(events)?.steps[0];
      expect(step).toMatchObject({ state: 'testing', [at]: events[2]?.time });
      expect(step).not.toHaveProperty(not);
      expect(runOf([...events, builder.deployed()])?.steps[0]).not.toHaveProperty(at);
    },
  );

  it('lists approvals until the first valid answer', () => {
    const builder = new EventBuilder();
    const approval = builder.event(KeptnEventType.approvalTriggered, {
      data: { ...APPROVAL, labels: { build: '17' } },
    });
    const declined = builder.event(KeptnEventType.approvalFinished, {
      triggeredid: approval.id,
      data: { ...APPROVAL, approval: { result: 'failed', status: 'succeeded' } },
    });
    expect(runOf([approval])).toMatchObject({
      labels: ['build=17'],
      openApprovals: [{ eventId: approval.id, stage: 'staging', image: 'carts:1', result: 'pass' }],
    });
    expect(runOf([approval, declined])).toMatchObject({
      isOpen: false,
      openApprovals: [],
      steps: [{ result: 'declined' }],
    });
  });

  it('keeps the image with the port of its registry, which helm-service cuts off', () => {
    const builder = new EventBuilder();
    const events = [
      builder.wanted('registry:5000/carts:1'),
      builder.deployed({ image: 'registry', tag: '5000/carts' }),
    ];
    expect(runOf(events)?.images).toEqual(['registry:5000/carts:1']);
  });
});

describe('a remediation', () => {
  it('is under way from its first action to its end, and its problem is known', () => {
    const builder = new EventBuilder();
    const problem = { ProblemTitle: 'Response time', PID: '1', State: 'OPEN' };
    const opened = builder.event(KeptnEventType.problemOpen, { data: problem });
    const events = [opened, builder.event(KeptnEventType.remediationTriggered, { data: { problem } })];
    expect(runOf([opened])).toMatchObject({
      isOpen: false,
      steps: [{ problem: { title: 'Response time', state: 'open' } }],
    });
    const result = { actionIndex: 0, actionName: 'scaling' };
    events.push(
      builder.event(KeptnEventType.remediationStatusChanged, {
        data: { remediation: { status: 'succeeded', result } },
      }),
      builder.event(KeptnEventType.actionTriggered),
    );
    expect(lastStep(events)).toEqual([true, 'remediating', 'action.started or action.finished']);
    events.push(
      builder.event(KeptnEventType.actionFinished, { data: { action: { result: 'pass', status: 'succeeded' } } }),
    );
    expect(lastStep(events)).toEqual([true, 'remediating', 'the end of the wait time']);
    const remediation = { status: 'succeeded', result: 'pass', message: 'well again' };
    events.push(builder.event(KeptnEventType.remediationFinished, { data: { remediation } }));
    expect(runOf(events)).toMatchObject({
      kind: 'remediation',
      isOpen: false,
      steps: [{ action: 'scaling', result: 'pass', message: 'well again' }],
    });
  });
});

it('A context in which nothing is run has no run', () => {
  expect(runOf([new EventBuilder().event(KeptnEventType.serviceCreate)])).toBeUndefined();
});

describe('whatever is sent into a context', () => {
  it('a run is of the project that it began in', () => {
    const builder = new EventBuilder();
    const events = [
      builder.wanted('carts:1'),
      builder.evaluated('pass', { project: 'other' }),
      builder.event(KeptnEventType.approvalTriggered, { data: { ...APPROVAL, project: 'other' } }),
    ];
    expect(runOf(events)).toMatchObject({ project: 'sockshop', steps: [{ stage: 'dev' }], openApprovals: [] });
  });

  it('a run is small enough to be kept', () => {
    const builder = new EventBuilder();
    const text = 'x'.repeat(10_000);
    const labels = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`${index}`, text]));
    const events = Array.from({ length: 1_000 }, (_, index) =>
      builder.wanted(text, { stage: `${index} ${text}`, labels: index === 0 ? labels : null }),
    );
    expect(JSON.stringify(runOf(events)).length).toBeLessThan(1_000_000);
  });
});
