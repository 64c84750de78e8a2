import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ControlPlaneStandIn, type StoredEvent } from '@keptn/service-kit/testing';
import { type Answer, StartedShipyardController } from './started-shipyard-controller';

const TRIGGERED = 'sh.keptn.event.approval.triggered';
const FINISHED = 'sh.keptn.event.approval.finished';

let controlPlane: ControlPlaneStandIn;
let service: StartedShipyardController;

beforeAll(async () => {
  controlPlane = await ControlPlaneStandIn.start();
  service = await StartedShipyardController.start(controlPlane);
});

afterAll(async () => {
  await service.stop();
  await controlPlane.stop();
});

const ask = (more: Partial<StoredEvent> = {}) =>
  controlPlane.append({ type: TRIGGERED, data: { image: 'carts', tag: '1' }, ...more });

const decide = ({ id }: StoredEvent, result = 'pass'): Promise<Answer> =>
  service.call('POST', `/v1/approval/${id}`, { result, decidedBy: 'ada' });

describe('the decision of a person', () => {
  it('is answered with the event that counts', async () => {
    const approval = ask();
    const { status, json } = await decide(approval);
    const counting = controlPlane.events.find(({ triggeredid }) => triggeredid === approval.id);
    expect([status, json]).toEqual([200, { eventId: counting?.id }]);
  });

  it('is refused when the log does not take it', async () => {
    controlPlane.refusal = ({ type }) => (type === FINISHED ? 'EVENT_TOO_LARGE' : undefined);
    expect(await decide(ask())).toMatchObject({
      status: 409,
      json: {
        reason: 'CONFLICT',
        message: expect.stringMatching(/refuses the answer.*send an approval\.finished/) as string,
      },
    });
  });

  it('finds no approval when that has left the log meanwhile', async () => {
    const approval = ask();
    controlPlane.refusal = () => {
      controlPlane.remove(approval);
      return 'PROJECT_DELETED';
    };
    expect(await decide(approval)).toMatchObject({ status: 404, json: { reason: 'APPROVAL_NOT_FOUND' } });
  });

  it.each(['pass', 'failed'])(
    'is refused when nothing would follow for want of a Keptn context: %s',
    async (result) => {
      const approval = ask({ shkeptncontext: 'none' });
      expect(await decide(approval, result)).toMatchObject({
        status: 409,
        json: { reason: 'CONFLICT', message: expect.stringContaining('no Keptn context') as string },
      });
      expect(controlPlane.events.filter(({ triggeredid }) => triggeredid === approval.id)).toEqual([]);
    },
  );
});
