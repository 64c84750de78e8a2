import { describe, expect, it } from 'vitest';
import { awaitedAfter } from './awaited';
import { type ContextEvent } from './context-event';

const CONTEXT = '7b1a2d3e-0000-4000-8000-000000000001';

const event = (id: string, type: string, stage = 'dev'): ContextEvent => ({
  ...{ id, type, source: 'test', specversion: '0.2', contenttype: 'application/json', shkeptncontext: CONTEXT },
  time: '2026-01-01T00:00:00.000Z',
  extensions: {},
  data: { project: 'sockshop', stage, service: 'carts' },
});

const DEPLOYED = event('1', 'sh.keptn.events.deployment-finished');
const TESTED = 'sh.keptn.events.tests-finished';

describe('what an event waits for', () => {
  it('is the next one of the same stage', () => {
    const waits = 'tests-finished from an execution-plane service that tests, such as jmeter-service';
    expect(awaitedAfter(DEPLOYED, [DEPLOYED])).toBe(waits);
    expect(awaitedAfter(DEPLOYED, [DEPLOYED, event('2', TESTED, 'staging')])).toBe(waits);
  });

  it('is nothing once that has come', () => {
    expect(awaitedAfter(DEPLOYED, [DEPLOYED, event('2', TESTED)])).toBeUndefined();
  });

  it.each(['io.example.built', 'constructor', '__proto__'])('is nothing for an event of the type %s', (type) => {
    const foreign = event('1', type);
    expect(awaitedAfter(foreign, [foreign, event('2', TESTED)])).toBeUndefined();
  });
});
