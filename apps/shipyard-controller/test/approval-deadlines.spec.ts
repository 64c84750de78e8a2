import { afterEach, beforeEach, expect, it, describe } from 'vitest';
import { ControlPlaneStandIn, type StoredEvent } from '@keptn/service-kit/testing';
import { StartedShipyardController } from './started-shipyard-controller';

const TRIGGERED = 'sh.keptn.event.approval.triggered';
const FINISHED = 'sh.keptn.event.approval.finished';
const HOUR_MS = 3_600_000;

let controlPlane: ControlPlaneStandIn;
let service: StartedShipyardController | undefined;

beforeEach(async () => {
  controlPlane = await ControlPlaneStandIn.start();
});

afterEach(async () => {
  await service?.stop();
  await controlPlane.stop();
});

/** An approval that was asked for an hour ago, and some milliseconds less. */
const ask = (lessMs = 0) =>
  controlPlane.append({ type: TRIGGERED, time: new Date(Date.now() - HOUR_MS + lessMs).toISOString() });

describe('an open approval', () => {
  it('whose answer the log refuses is not answered again until the log is read again', async () => {
    const refused: StoredEvent[] = [];
    controlPlane.refusal = (event) => {
      if (event.triggeredid !== large.id) return undefined;
      refused.push(event);
      return 'EVENT_TOO_LARGE';
    };
    const large = ask();
    service = await StartedShipyardController.start(controlPlane, { APPROVAL_EXPIRY: '1h' });
    const later = ask(500);
    await service.deliver(later);
    await controlPlane.stored(({ type, triggeredid }) => type === FINISHED && triggeredid === later.id);
    expect(refused.map(({ type }) => type)).toEqual([FINISHED]);
  });

  it('that nothing calls to mind or ends is not looked for', async () => {
    const approval = ask();
    service = await StartedShipyardController.start(controlPlane, { REMEDIATION: 'false' });
    expect(controlPlane.requests.filter((request) => !request.includes('/v1/'))).toEqual([]);
    controlPlane.requests.length = 0;
    await service.deliver(approval);
    expect(controlPlane.requests).toContain(`GET /reader/context/${approval.shkeptncontext}`);
  });
});
