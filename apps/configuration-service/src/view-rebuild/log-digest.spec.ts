import { type KeptnEvent } from '@keptn/event-models';
import { expect, it } from 'vitest';
import { LogDigest } from './log-digest';

const CARTS = { project: 'sockshop', stage: 'dev', service: 'carts' };

const eventOf = (id: string, type: string, more: Partial<KeptnEvent> = {}, data: object = {}): KeptnEvent =>
  ({
    ...{ id, type, source: 'test', time: '2020-11-23T10:15:30.000Z', shkeptncontext: 'context' },
    ...more,
    data: { project: 'sockshop', stage: 'dev', service: 'carts', ...data },
  }) as KeptnEvent;

function digestOf(...events: KeptnEvent[]): LogDigest {
  const digest = new LogDigest();
  events.forEach((event) => {
    digest.add(event);
  });
  return digest;
}

it('holds the last event of each type, at the time of the event', () => {
  const { lastEvents, eventCount } = digestOf(
    eventOf('1', 'sh.keptn.events.tests-finished'),
    eventOf('2', 'sh.keptn.events.tests-finished'),
    eventOf('3', 'sh.keptn.events.other', {}, { service: '' }),
  );
  expect(eventCount).toBe(2);
  expect(lastEvents).toEqual([
    {
      scope: CARTS,
      entry: {
        type: 'sh.keptn.events.tests-finished',
        eventId: '2',
        keptnContext: 'context',
        time: '1606126530000000000',
      },
    },
  ]);
});

it('holds the image of the last deployment that names one', () => {
  const type = 'sh.keptn.events.deployment-finished';
  const { deployments } = digestOf(
    eventOf('1', type, {}, { image: 'carts', tag: '1' }),
    eventOf('2', type, {}, { image: 'carts', tag: '2' }),
    eventOf('3', type),
  );
  expect(deployments.map(({ deployedImage }) => deployedImage)).toEqual(['carts:2']);
});

it('holds approvals that were asked for and not decided', () => {
  const data = { image: 'carts', tag: '1' };
  const { opened, closed } = digestOf(
    eventOf('1', 'sh.keptn.event.approval.triggered', {}, data),
    eventOf('2', 'sh.keptn.event.approval.triggered', {}, data),
    eventOf('3', 'sh.keptn.event.approval.finished', { triggeredid: '1' }),
  );
  const item = { eventId: '2', keptnContext: 'context', time: '2020-11-23T10:15:30.000Z', image: 'carts', tag: '1' };
  expect(opened).toEqual([{ scope: CARTS, items: 'openApprovals', item }]);
  expect(closed).toEqual([{ scope: CARTS, items: 'openApprovals', field: 'eventId', value: '1' }]);
});

it('holds the steps of remediations that are not finished', () => {
  const changed = { remediation: { status: 'succeeded', result: { actionIndex: 0, actionName: 'scaling' } } };
  const { opened } = digestOf(
    eventOf('1', 'sh.keptn.event.remediation.triggered', { shkeptncontext: 'done' }),
    eventOf('2', 'sh.keptn.event.remediation.triggered'),
    eventOf('3', 'sh.keptn.event.remediation.status.changed', {}, changed),
    eventOf('4', 'sh.keptn.event.remediation.finished', { shkeptncontext: 'done' }),
  );
  expect(opened.map(({ item }) => [item['eventId'], item['action']])).toEqual([
    ['2', undefined],
    ['3', 'scaling'],
  ]);
});
