import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ControlPlaneStandIn, type Data, type NewEvent } from '@keptn/service-kit/testing';
import { StartedShipyardController } from './started-shipyard-controller';

const DEPLOYED = 'sh.keptn.events.deployment-finished';
const EVALUATED = 'sh.keptn.events.evaluation-done';
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

describe('a version in a stage with canaries', () => {
  beforeEach(() => {
    controlPlane.files.set('shipyard.yaml', 'stages: [{ name: staging, deployment_strategy: blue_green_service }]');
  });

  /** A Keptn context of a project for each version, in staging. */
  const inStaging = (project: string, version: string) => (type: string, data: Data) =>
    happen({ type, shkeptncontext: `${project}-${version}`, data: { project, stage: 'staging', ...data } });

  async function deploy(project: string, version: string, deploymentstrategy = 'blue_green_service') {
    const send = inStaging(project, version);
    await send(CHANGE, { valuesCanary: { image: `carts:${version}` }, canary: { action: 'set', value: 100 } });
    const deploymentURIPublic = `https://carts.example/${version}`;
    await send(DEPLOYED, { deploymentstrategy, image: 'carts', tag: version, deploymentURIPublic });
    return send;
  }

  /** The verdict promotes or discards the canary. */
  async function judge(project: string, version: string, result: 'fail' | 'pass') {
    const send = await deploy(project, version);
    const follows = await send(EVALUATED, { result, deploymentstrategy: 'blue_green_service' });
    expect(follows).toMatchObject([{ data: { canary: { action: result === 'pass' ? 'promote' : 'discard' } } }]);
    for (const event of follows) await service.deliver(event);
  }

  const shown = (project: string, version: string) => ({
    ...{ image: `carts:${version}`, deployedBy: `${project}-${version}` },
    deploymentURIPublic: `https://carts.example/${version}`,
  });

  it('runs again when the one after it is discarded, which is named, also after a rebuild', async () => {
    projectWith('back');
    await judge('back', '1', 'pass');
    const before = (await board('back'))[1];
    expect(before).toMatchObject(shown('back', '1'));
    await judge('back', '2', 'fail');
    const expected = {
      ...shown('back', '1'),
      ...{ deployedAt: before?.['deployedAt'], result: 'fail', evaluatedBy: 'back-2' },
      discarded: { image: 'carts:2', deployedBy: 'back-2' },
    };
    expect((await board('back'))[1]).toMatchObject(expected);
    await service.call('POST', '/v1/run/rebuild');
    expect((await board('back'))[1]).toMatchObject(expected);
    await judge('back', '3', 'pass');
    expect((await board('back'))[1]).toMatchObject({ ...shown('back', '3'), result: 'pass' });
    expect((await board('back'))[1]).not.toHaveProperty('discarded');
  });

  it('stays when an earlier one is discarded late', async () => {
    projectWith('late');
    const first = await deploy('late', '1');
    await deploy('late', '2');
    await first(CHANGE, { canary: { action: 'discard' } });
    expect((await board('late'))[1]).toMatchObject(shown('late', '2'));
    expect((await board('late'))[1]).not.toHaveProperty('discarded');
  });

  it('is shown as discarded where nothing says what ran before it', async () => {
    projectWith('first-version');
    await judge('first-version', '1', 'fail');
    expect((await board('first-version'))[1]).toMatchObject({
      ...shown('first-version', '1'),
      discarded: { image: 'carts:1', deployedBy: 'first-version-1' },
    });
  });

  it('cannot be discarded where it was deployed directly', async () => {
    projectWith('direct');
    await judge('direct', '1', 'pass');
    const send = await deploy('direct', '2', 'direct');
    await send(CHANGE, { canary: { action: 'discard' } });
    expect((await board('direct'))[1]).toMatchObject(shown('direct', '2'));
  });

  it('has a link only where its address is one of the web', async () => {
    projectWith('no-link');
    const send = inStaging('no-link', '1');
    for (const deploymentURIPublic of ['javascript:alert(1)', 'carts.example', `https://${'x'.repeat(600)}.example`]) {
      await send(DEPLOYED, { image: 'carts', tag: '1', deploymentURIPublic });
      expect((await board('no-link'))[1]).toMatchObject({ image: 'carts:1' });
      expect((await board('no-link'))[1]).not.toHaveProperty('deploymentURIPublic');
    }
  });
});
