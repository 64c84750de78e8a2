import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ControlPlaneStandIn, type StoredEvent } from '@keptn/service-kit/testing';
import { StartedShipyardController } from './started-shipyard-controller';

const SHIPYARD = `
stages:
  - { name: staging, deployment_strategy: direct }
  - { name: production, deployment_strategy: direct, remediation_strategy: automated }
`;

/** For each problem there is nothing to do, so its remediation ends at once. */
const REMEDIATION = `
apiVersion: spec.keptn.sh/0.1.4
kind: Remediation
spec: { remediations: [] }
`;

const PROBLEM_OPEN = 'sh.keptn.event.problem.open';
const TRIGGERED = 'sh.keptn.event.remediation.triggered';
const FINISHED = 'sh.keptn.event.remediation.finished';
const APPROVAL_TRIGGERED = 'sh.keptn.event.approval.triggered';
const APPROVAL_FINISHED = 'sh.keptn.event.approval.finished';

let controlPlane: ControlPlaneStandIn;
let service: StartedShipyardController;

beforeAll(async () => {
  controlPlane = await ControlPlaneStandIn.start();
  controlPlane.files.set('shipyard.yaml', SHIPYARD).set('remediation.yaml', REMEDIATION);
  service = await StartedShipyardController.start(controlPlane, { APPROVAL_SUPERSEDE: 'true' });
});

beforeEach(() => {
  controlPlane.requests.length = 0;
});

afterAll(async () => {
  await service.stop();
  await controlPlane.stop();
});

const typesOf = (events: readonly StoredEvent[]) => events.map(({ type }) => type);

/** The Keptn contexts that were read, each as often as it was. */
const contextsRead = (): readonly string[] =>
  controlPlane.requests.flatMap((request) => request.split('GET /reader/context/')[1] ?? []);

const report = (PID: string, stage = 'production') =>
  controlPlane.append({ type: PROBLEM_OPEN, data: { State: 'OPEN', ProblemTitle: 'Slow', PID, stage } });

/** Begins the remediation of a problem. */
async function begin(PID: string): Promise<StoredEvent> {
  const [triggered] = await service.deliver(report(PID));
  expect(triggered?.type).toBe(TRIGGERED);
  return triggered as StoredEvent;
}

describe('a problem', () => {
  it('that comes again and again costs no look at each of its remediations that are over', async () => {
    for (let time = 0; time < 5; time++) {
      const triggered = await begin('P-flapping');
      expect(typesOf(await service.deliver(triggered))).toEqual([FINISHED]);
    }
    controlPlane.requests.length = 0;
    const triggered = await begin('P-flapping');
    expect(typesOf(await service.deliver(triggered))).toEqual([FINISHED]);
    expect(new Set(contextsRead())).toEqual(new Set([triggered.shkeptncontext]));
  });

  it('is not remedied while a remediation of it is open in another context', async () => {
    const ended = await begin('P-open');
    await service.deliver(ended);
    const open = await begin('P-open');
    expect(await service.deliver(report('P-open'))).toEqual([]);
    await service.deliver(open);
    await begin('P-open');
  });

  it('is remedied again when somebody else has ended its remediation', async () => {
    const { shkeptncontext = '' } = await begin('P-ended');
    controlPlane.append({ type: FINISHED, shkeptncontext, source: 'somebody-else' });
    await begin('P-ended');
  });

  it('of a stage that remedies nothing has nobody look for other remediations', async () => {
    expect(await service.deliver(report('P-staging', 'staging'))).toEqual([]);
    expect(controlPlane.requests).not.toContain('GET /event');
  });
});

describe('an approval that supersedes older ones', () => {
  const ask = () => controlPlane.append({ type: APPROVAL_TRIGGERED, data: { image: 'carts', tag: '1' } });
  const answer = ({ id, shkeptncontext = '' }: StoredEvent, status: string) =>
    controlPlane.append({
      type: APPROVAL_FINISHED,
      ...{ shkeptncontext, triggeredid: id },
      data: { approval: { result: 'failed', status } },
    });

  it('costs no look at each of those that are decided', async () => {
    for (let time = 0; time < 5; time++) answer(ask(), 'succeeded');
    const asked = ask();
    expect(await service.deliver(asked)).toEqual([]);
    expect(new Set(contextsRead())).toEqual(new Set([asked.shkeptncontext]));
    answer(asked, 'succeeded');
  });

  it('declines those that are open, also when an answer does not count', async () => {
    const [answered, open] = [ask(), ask()];
    answer(answered, 'errored');
    const declined = await service.deliver(ask());
    expect(declined.map(({ type, triggeredid }) => [type, triggeredid])).toEqual([
      [APPROVAL_FINISHED, answered.id],
      [APPROVAL_FINISHED, open.id],
    ]);
  });
});
