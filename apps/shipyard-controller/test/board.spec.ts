import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ControlPlaneStandIn, type Data, type NewEvent } from '@keptn/service-kit/testing';
import { StartedShipyardController } from './started-shipyard-controller';

const CHANGE = 'sh.keptn.event.configuration.change';

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

/** A project with the service carts in dev and staging. */
function projectWith(name: string): void {
  const stages = ['dev', 'staging'].map((stageName) => ({ stageName, services: [{ serviceName: 'carts' }] }));
  controlPlane.projects.set(name, { projectName: name, stages });
}

const happen = (event: NewEvent) => service.deliver(controlPlane.append(event));

/** What the board shows of carts in its stages. */
async function board(project: string): Promise<readonly Data[]> {
  const { status, json } = await service.call('GET', `/v1/project/${project}/board`);
  expect(status).toBe(200);
  return (json as { stages: { services: Data[] }[] }).stages.flatMap(({ services }) => services);
}

/** The steps of all runs of a project that have come to dev. */
async function stepsInDev(project: string): Promise<unknown> {
  return (await service.call('GET', `/v1/run?project=${project}&stage=dev`)).json;
}

describe('an artifact that is sent without a stage', () => {
  const sent = (project: string): NewEvent => ({
    ...{ type: CHANGE, shkeptncontext: `context-of-${project}` },
    data: { project, stage: '', valuesCanary: { image: 'carts:1' }, canary: { action: 'set', value: 100 } },
  });
  const running = { state: 'deploying', image: 'carts:1' };

  it('is on its way into the first stage of the shipyard at once, on the board and in the list', async () => {
    projectWith('first-stage');
    controlPlane.files.set('shipyard.yaml', 'stages: [{ name: dev, deployment_strategy: direct }, { name: staging }]');
    await happen(sent('first-stage'));
    expect(await board('first-stage')).toMatchObject([{ openRuns: [running] }, { openRuns: [] }]);
    expect(await stepsInDev('first-stage')).toMatchObject({ runs: [{ steps: [{ stage: 'dev', ...running }] }] });
  });

  it.each([
    ['no shipyard', undefined],
    ['a shipyard that is not valid', 'stages: carts'],
  ])('is listed without a stage in a project with %s, until it can be told', async (what, shipyard) => {
    const project = what.replaceAll(' ', '-');
    projectWith(project);
    controlPlane.files.delete('shipyard.yaml');
    if (shipyard !== undefined) controlPlane.files.set('shipyard.yaml', shipyard);
    await happen(sent(project));
    expect(await board(project)).toMatchObject([{ openRuns: [] }, { openRuns: [] }]);
    const { json } = await service.call('GET', `/v1/run?project=${project}`);
    expect(json).toMatchObject({ runs: [{ steps: [{ stage: '', ...running }] }] });
    controlPlane.files.set('shipyard.yaml', 'stages: [{ name: dev }]');
    await service.call('POST', '/v1/run/rebuild');
    expect(await stepsInDev(project)).toMatchObject({ runs: [{ steps: [{ stage: 'dev' }] }] });
  });
});
