import { randomUUID } from 'node:crypto';
import { SERVICES } from '@keptn/service-catalog';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHANGE, PlayedContext, PROJECT, subject } from './played-context';
import { base64 } from './quality-gate';
import { type LaunchedSystem, newLaunch, removeData, startSystem } from './running-system';

const SHIPYARD = `
stages:
  - { name: dev, deployment_strategy: direct }
  - { name: production, deployment_strategy: direct, remediation_strategy: automated }
`;
const REMEDIATION = `
apiVersion: spec.keptn.sh/0.1.4
kind: Remediation
spec: { remediations: [{ problemType: default, actionsOnOpen: [{ action: restart }] }] }
`;

const EVALUATION_DONE = 'sh.keptn.events.evaluation-done';

/** As deep as an event may be at the place where a problem has its details; what follows has them one level deeper. */
const DEEPEST_DETAILS = 94;

const nested = (levels: number): object => (levels === 1 ? {} : { in: nested(levels - 1) });

let system: LaunchedSystem;

beforeAll(async () => {
  system = await startSystem(await newLaunch({ KEPTN_WITHOUT: 'lighthouse-service' }));
  const carts = `/configuration-service/v1/project/${PROJECT}/stage/production/service/carts`;
  const created = [
    await system.call('POST', '/v1/project', { name: PROJECT, shipyard: base64(SHIPYARD) }),
    await system.call('POST', `/v1/project/${PROJECT}/service`, { serviceName: 'carts' }),
    await system.call('POST', `${carts}/resource`, {
      resources: [{ resourceURI: 'remediation.yaml', resourceContent: base64(REMEDIATION) }],
    }),
  ];
  expect(created.map(({ status }) => status)).toEqual([200, 200, 201]);
});

afterAll(async () => {
  await system.interrupt();
  await removeData(system.launch);
});

/** Hands an event to shipyard-controller as event-broker does. */
async function deliver(event: object): Promise<number> {
  const { portOffset = 0 } = SERVICES.find(({ name }) => name === 'shipyard-controller') ?? {};
  const { status } = await fetch(`http://localhost:${system.launch.firstPort + portOffset}/`, {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents+json', 'x-token': await system.token() },
    body: JSON.stringify(event),
  });
  return status;
}

describe('a reaction', () => {
  it('follows from what is sent after an event so deep that nothing can follow from it', async () => {
    const context = PlayedContext.of(system, randomUUID());
    const problem = { State: 'OPEN', ProblemTitle: 'Slow', PID: 'p' };
    const details = { ProblemDetails: nested(DEEPEST_DETAILS) };
    await context.send('sh.keptn.event.problem.open', subject('production', { ...problem, ...details }));
    await context.send('sh.keptn.event.problem.open', subject('production', problem));
    const [action] = await context.received('sh.keptn.event.action.triggered');
    expect(action).toMatchObject({ data: { problem: { ...problem, ProblemDetails: null } } });
  });

  it('follows from what is sent after a report that says nothing true', async () => {
    const context = await PlayedContext.newArtifact(system);
    const [change] = await context.received(CHANGE);
    await context.send(
      'sh.keptn.internal.event.delivery.finished',
      subject('dev', { delivery: { subscription: 'x', outcome: 'accepted', startedAt: 'x', endedAt: '' } }),
      { triggeredid: change?.id },
    );
    await context.deliver('dev', 'pass');
    await context.received(CHANGE, 3);
  });

  it('does not follow from an event that is not in the log any more', async () => {
    const { id: shkeptncontext } = await PlayedContext.newArtifact(system);
    const removed = {
      ...{ specversion: '0.2', id: randomUUID(), source: 'a-test', type: EVALUATION_DONE, shkeptncontext },
      data: subject('dev', { result: 'pass', teststrategy: 'functional' }),
    };
    expect(await deliver(removed)).toBeLessThan(300);
    expect(await PlayedContext.of(system, shkeptncontext).changes()).toHaveLength(1);
  });
});
