import { type JsonObject, KeptnEventType } from '@keptn/event-models';
import { describe, expect, it } from 'vitest';
import { type ContextEvent } from '../context-event';
import { EventBuilder, shipyardWith } from '../event-builder';
import { runOf } from '../run/run';
import { afterTask } from './task-finished';

const SHIPYARD = shipyardWith('deployment_strategy: blue_green_service\n    test_strategy: performance');
const TIMES = { startedAt: '2020-11-05T10:00:01.250Z', endedAt: '2020-11-05T10:00:09.500Z' };

/** How the delivery of an event ended. */
function reported({ id }: ContextEvent, delivery: JsonObject, builder: EventBuilder): ContextEvent {
  return builder.event(KeptnEventType.deliveryFinished, {
    triggeredid: id,
    data: { delivery: { subscription: 'tool', outcome: 'accepted', ...TIMES, ...delivery } },
  });
}

function decide(delivered: ContextEvent, delivery: JsonObject, builder: EventBuilder) {
  const finished = reported(delivered, delivery, builder);
  const { follows, because } = afterTask(finished, [delivered, finished], SHIPYARD);
  const [followUp] = follows;
  if (followUp === undefined) return because;
  const { decision: _why, project: _project, service: _service, ...data } = followUp.data as JsonObject;
  return { type: followUp.type, triggeredid: followUp.triggeredid, ...data };
}

describe('a receiver that has deployed', () => {
  it('makes deployment-finished follow, with the strategies of the shipyard and where the deployment answers', () => {
    const builder = new EventBuilder();
    const change = builder.wanted('registry:5000/carts:1', { stage: 'production', labels: { build: '17' } });
    const answer = 'building\n{"deploymentURILocal": "http://localhost:9103"}\n';
    expect(decide(change, { answer }, builder)).toEqual({
      type: KeptnEventType.deploymentFinished,
      triggeredid: undefined,
      stage: 'production',
      teststrategy: 'performance',
      deploymentstrategy: 'blue_green_service',
      image: 'registry:5000/carts',
      tag: '1',
      labels: { build: '17' },
      deploymentURILocal: 'http://localhost:9103',
    });
  });

  it('without a stage in the event has deployed into the first one', () => {
    const builder = new EventBuilder();
    expect(decide(builder.wanted('carts:1', { stage: '' }), {}, builder)).toMatchObject({ stage: 'dev', tag: '1' });
  });

  it.each([
    [{ outcome: 'refused', error: 'exit code 1: no disk' }, 'not deployed by tool: exit code 1: no disk'],
    [{ answer: '{"result":"fail","message":"no such image"}' }, 'not deployed by tool: no such image'],
    [{ answer: '{"result":"failed"}' }, 'not deployed by tool: the result is failed'],
  ])('and says %j ends the delivery, which its run shows', (delivery, because) => {
    const builder = new EventBuilder();
    const change = builder.wanted('carts:1');
    expect(decide(change, delivery, builder)).toBe(because);
    expect(runOf([change, reported(change, delivery, builder)])).toMatchObject({
      isOpen: false,
      steps: [{ stage: 'dev', result: 'not deployed', message: because }],
    });
  });

  it('could not deploy into the first stage, which its event does not name', () => {
    const builder = new EventBuilder();
    const change = builder.wanted('carts:1', { stage: '' });
    const finished = builder.event(KeptnEventType.deliveryFinished, {
      triggeredid: change.id,
      data: { stage: '', delivery: { subscription: 'tool', outcome: 'refused', error: 'no disk', ...TIMES } },
    });
    expect(runOf([change, finished], 'dev')?.steps).toMatchObject([{ stage: 'dev', result: 'not deployed' }]);
  });

  it('is asked for nothing more when a canary is promoted', () => {
    const builder = new EventBuilder();
    const promoted = builder.event(KeptnEventType.configurationChange, { data: { canary: { action: 'promote' } } });
    expect(decide(promoted, {}, builder)).toBe('nothing is waited for after a canary is promoted or discarded');
  });
});

describe('a receiver that has tested', () => {
  const tested = (delivery: JsonObject) => {
    const builder = new EventBuilder();
    const deployment = builder.deployed({ teststrategy: 'performance', deploymentstrategy: 'direct' });
    return decide(deployment, delivery, builder);
  };

  it('makes tests-finished follow, with the time that it took and the values that it has measured', () => {
    const answer = '{"result":"pass","indicatorValues":[{"metric":"errors","value":0,"success":true}]}';
    expect(tested({ answer })).toMatchObject({
      type: KeptnEventType.testsFinished,
      teststrategy: 'performance',
      deploymentstrategy: 'direct',
      start: '2020-11-05T10:00:01Z',
      end: '2020-11-05T10:00:09Z',
      result: 'pass',
      indicatorValues: [{ metric: 'errors', success: true }],
    });
  });

  it('has tested when it said so, where a sender gives no times', () => {
    expect(tested({ startedAt: 'x', endedAt: '' })).toMatchObject({
      start: '2020-11-05T10:01:00Z',
      end: '2020-11-05T10:01:00Z',
    });
  });

  it('may say itself when it has tested', () => {
    const answer = '{"start":"2020-11-05T09:00:00Z","end":"2020-11-05T09:30:00Z"}';
    expect(tested({ answer })).toMatchObject({ start: '2020-11-05T09:00:00Z', end: '2020-11-05T09:30:00Z' });
  });

  it.each([{ outcome: 'refused', error: 'exit code 1' }, { answer: '{"result":"fail"}' }])(
    'and says %j has found a fault',
    (delivery) => {
      expect(tested(delivery)).toMatchObject({ result: 'fail' });
    },
  );
});

describe('a receiver that has carried out an action', () => {
  it.each([
    [{}, { result: 'pass', status: 'succeeded' }],
    [
      { outcome: 'refused', error: 'answered 422' },
      { result: 'answered 422', status: 'errored' },
    ],
  ])('and says %j makes action.finished follow', (delivery, action) => {
    const builder = new EventBuilder();
    const triggered = builder.event(KeptnEventType.actionTriggered);
    expect(decide(triggered, delivery, builder)).toMatchObject({
      type: KeptnEventType.actionFinished,
      triggeredid: triggered.id,
      action,
    });
  });
});

it('What was delivered of another kind, or in another context, leads to nothing', () => {
  const builder = new EventBuilder();
  expect(decide(builder.evaluated('pass'), {}, builder)).toContain('nothing is waited for');
  const stray = reported({ ...builder.wanted('carts:1'), id: 'elsewhere' }, {}, builder);
  expect(afterTask(stray, [stray], SHIPYARD).because).toBe(
    'ignored: the project has no event elsewhere in the context',
  );
});

it('What somebody reports of an event of another project leads to nothing', () => {
  const builder = new EventBuilder();
  const change = builder.wanted('carts:1');
  const finished = builder.event(KeptnEventType.deliveryFinished, {
    triggeredid: change.id,
    data: { project: 'other', delivery: { subscription: 'tool', outcome: 'accepted', ...TIMES } },
  });
  expect(afterTask(finished, [change, finished], SHIPYARD).follows).toEqual([]);
});
