import { describe, expect, it } from 'vitest';
import { toLoggedEvent } from '../../api/logged-event';
import { lanesOf, timeFrameOf } from './timeline';

const CHANGE = 'sh.keptn.event.configuration.change';
const DEPLOYED = 'sh.keptn.events.deployment-finished';
const TESTED = 'sh.keptn.events.tests-finished';
const APPROVED = 'sh.keptn.event.approval.finished';
const EVALUATED = 'sh.keptn.events.evaluation-done';

/** An event in a second of the run. */
const event = (second: number, type: string, data: object = {}) =>
  toLoggedEvent({
    ...{ id: `${type}-${second}`, type, time: new Date(second * 1000).toISOString() },
    data: { project: 'sockshop', stage: 'dev', service: 'carts', ...data },
  });

const phases = (events: Parameters<typeof lanesOf>[0]) =>
  lanesOf(events).map(({ stage, spans }) => [
    stage,
    ...spans.map(({ phase, from, to }) => [phase, from / 1000, to === undefined ? undefined : to / 1000]),
  ]);

describe('the timeline of a run', () => {
  it('shows what was done between the events of a stage, in the order of the log', () => {
    const events = [event(1, CHANGE), event(3, DEPLOYED), event(7, TESTED), event(8, EVALUATED)];
    expect(phases(events)).toEqual([['dev', ['deploying', 1, 3], ['testing', 3, 7], ['evaluating', 7, 8]]]);
  });

  it('leaves open what is under way', () => {
    expect(phases([event(1, CHANGE)])).toEqual([['dev', ['deploying', 1, undefined]]]);
  });

  it('takes a promoted or discarded canary for the end', () => {
    const events = [event(1, EVALUATED), event(2, CHANGE, { canary: { action: 'promote' } })];
    expect(phases(events)).toEqual([['dev']]);
  });

  it('keeps stages apart, and knows nothing of events without one', () => {
    const events = [event(1, CHANGE, { stage: '' }), event(2, CHANGE), event(3, CHANGE, { stage: 'staging' })];
    expect(phases(events)).toEqual([
      [''],
      ['dev', ['deploying', 2, undefined]],
      ['staging', ['deploying', 3, undefined]],
    ]);
  });

  it.each(['constructor', '__proto__', 'toString'])(
    'knows nothing that begins with an event of the type %s',
    (type) => {
      expect(phases([event(1, CHANGE), event(2, type)])).toEqual([['dev', ['deploying', 1, 2]]]);
    },
  );

  it('survives clocks that go back, and times that are none', () => {
    const events = [
      event(5, CHANGE),
      event(3, DEPLOYED),
      toLoggedEvent({ type: TESTED, time: 'soon', data: { stage: 'dev', service: 'carts' } }),
    ];
    expect(phases(events)).toEqual([['dev', ['deploying', 5, 5], ['testing', 3, undefined]]]);
  });
});

describe('the time frame of a timeline', () => {
  const frame = (now: number, ...events: Parameters<typeof lanesOf>[0]) => {
    const { start, end, isOpen } = timeFrameOf(
      lanesOf(events).flatMap(({ spans }) => spans),
      now * 1000,
    );
    return [start / 1000, end / 1000, isOpen];
  };

  it('ends with what was done', () => {
    expect(frame(60, event(1, CHANGE), event(3, DEPLOYED), event(7, APPROVED))).toEqual([1, 7, false]);
  });

  it('ends now while something is under way', () => {
    expect(frame(60, event(1, CHANGE), event(3, DEPLOYED))).toEqual([1, 60, true]);
  });

  it('does not end before an event, whatever the clock of the page says', () => {
    expect(frame(2, event(1, CHANGE), event(3, DEPLOYED))).toEqual([1, 3, true]);
  });
});
