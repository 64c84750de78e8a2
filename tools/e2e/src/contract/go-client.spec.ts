import { beforeAll, describe, expect, it } from 'vitest';
import { type ReachableSystem } from '../running-system';
import { sharedSystem } from '../shared-system';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

let system: ReachableSystem;
let token: string;

beforeAll(async () => {
  system = await sharedSystem();
  token = await system.token();
});

/** As the Go client sends every request: with a media type, body or not (contract 6.1). */
const request = async (method: string, path: string, body?: object, as = token) => {
  const response = await fetch(system.endpoint + path, {
    method,
    headers: { 'x-token': as, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  // What is not empty is JSON, whatever the status.
  return { status: response.status, answer: text === '' ? undefined : (JSON.parse(text) as unknown) };
};

const STATUSES_OF_SUCCESS = [200, 201, 202, 203, 204];

const CONFIGURATION = '/configuration-service/v1';
const STAGE = `${CONFIGURATION}/project/go-shop/stage/dev`;
const resource = (resourceURI: string) => ({ resourceURI, resourceContent: base64('a: 1') });
const resources = { resources: [resource('a.yaml'), resource('folder/b.yaml')] };

interface Call {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly body?: object;
}

/**
 * What the Go client asks for, call by call, in an order in which each finds what it needs (contract 6.1). The update of a
 * project is not among it: it needs an upstream repository.
 */
const CALLS: readonly Call[] = [
  { name: 'Auth.Authenticate', method: 'POST', path: '/v1/auth' },
  { name: 'API.GetMetadata', method: 'GET', path: '/v1/metadata' },
  {
    name: 'API.CreateProject',
    method: 'POST',
    path: '/v1/project',
    body: { name: 'go-shop', shipyard: base64('stages: [{name: dev}]') },
  },
  { name: 'API.CreateService', method: 'POST', path: '/v1/project/go-shop/service', body: { serviceName: 'carts' } },
  {
    name: 'API.SendEvent',
    method: 'POST',
    path: '/v1/event',
    body: { type: 't', source: 's', shkeptncontext: 'c', data: { project: 'go-shop' } },
  },
  {
    name: 'API.TriggerEvaluation',
    method: 'POST',
    path: '/v1/project/go-shop/stage/dev/service/carts/evaluation',
    body: { timeframe: '5m' },
  },
  {
    name: 'API.GetEvent',
    method: 'GET',
    path: '/v1/event?keptnContext=63202020-2020-4020-a020-202020202020&type=t&pageSize=10',
  },
  { name: 'Project.GetAllProjects', method: 'GET', path: `${CONFIGURATION}/project/` },
  { name: 'Project.GetProject', method: 'GET', path: `${CONFIGURATION}/project/go-shop` },
  { name: 'Stage.GetAllStages', method: 'GET', path: `${CONFIGURATION}/project/go-shop/stage` },
  {
    name: 'Stage.CreateStage',
    method: 'POST',
    path: `${CONFIGURATION}/project/go-shop/stage`,
    body: { stageName: 'hardening' },
  },
  { name: 'Service.GetAllServices', method: 'GET', path: `${STAGE}/service` },
  { name: 'Service.GetService', method: 'GET', path: `${STAGE}/service/carts` },
  { name: 'Service.CreateServiceInStage', method: 'POST', path: `${STAGE}/service`, body: { serviceName: 'carts-db' } },
  { name: 'Service.DeleteServiceFromStage', method: 'DELETE', path: `${STAGE}/service/carts-db` },
  ...[`${CONFIGURATION}/project/go-shop`, STAGE, `${STAGE}/service/carts`].flatMap((owner): Call[] => [
    { name: 'Resource.CreateResources', method: 'POST', path: `${owner}/resource`, body: resources },
    { name: 'Resource.UpdateResources', method: 'PUT', path: `${owner}/resource`, body: resources },
    {
      name: 'Resource.UpdateResource',
      method: 'PUT',
      path: `${owner}/resource/folder%2Fb.yaml`,
      body: resource('folder/b.yaml'),
    },
    { name: 'Resource.GetResource', method: 'GET', path: `${owner}/resource/folder%2Fb.yaml` },
    { name: 'Resource.GetAllResources', method: 'GET', path: `${owner}/resource/` },
    { name: 'Resource.DeleteResource', method: 'DELETE', path: `${owner}/resource/folder%2Fb.yaml` },
  ]),
  {
    name: 'Event.GetEvents',
    method: 'GET',
    path: '/mongodb-datastore/event?keptnContext=c&pageSize=20&project=go-shop&type=t',
  },
  { name: 'API.DeleteService', method: 'DELETE', path: '/v1/project/go-shop/service/carts' },
  { name: 'API.DeleteProject', method: 'DELETE', path: '/v1/project/go-shop' },
  { name: 'Project.CreateProject', method: 'POST', path: `${CONFIGURATION}/project`, body: { projectName: 'bare' } },
  { name: 'Project.DeleteProject', method: 'DELETE', path: `${CONFIGURATION}/project/bare` },
];

describe('the Go client of Keptn 0.7.3 (contract 6.1)', () => {
  it.each(CALLS)('is answered with success: $name, $method $path', async ({ method, path, body }) => {
    expect(STATUSES_OF_SUCCESS).toContain((await request(method, path, body)).status);
  });

  const ofProjects = /^(?:API|Project)\.(?:Create|Delete)Project$|^Stage\.CreateStage$/;
  const reads = ({ method, name }: Call): boolean => method === 'GET' || name === 'Auth.Authenticate';

  it.each([
    { program: 'a read-only dashboard', role: 'viewer', may: reads },
    {
      program: 'a pipeline that sends events',
      role: 'operator',
      projects: ['go-shop'],
      may: (call: Call) => reads(call) || /^API\.(?:SendEvent|TriggerEvaluation)$/.test(call.name),
    },
    { program: 'an execution plane', role: 'editor', may: ({ name }: Call) => !ofProjects.test(name) },
  ])('is answered alike with the token of $program, as far as its role goes', async ({ role, projects, may }) => {
    const name = `go-client-${role}`;
    const { answer } = await request('POST', '/v1/token', { name, role, ...(projects !== undefined && { projects }) });
    const own = (answer as { token: string }).token;
    for (const call of CALLS) {
      const { method, path, body } = call;
      const { status } = await request(method, path, body, own);
      const isPermitted = may(call);
      expect([call.name, path, status === 403]).toEqual([call.name, path, !isPermitted]);
      // So that the next call finds what it needs.
      const done = isPermitted ? status : (await request(method, path, body)).status;
      expect([call.name, STATUSES_OF_SUCCESS.includes(done)]).toEqual([call.name, true]);
    }
    await request('DELETE', `/v1/token/${name}`);
  });

  it('reads the version that a resource has after it was written', async () => {
    await request('POST', '/v1/project', { name: 'versions', shipyard: base64('stages: [{name: dev}]') });
    const path = `${CONFIGURATION}/project/versions/resource`;
    for (const method of ['POST', 'PUT']) {
      const { answer } = await request(method, path, resources);
      expect(answer).toMatchObject({ version: expect.stringMatching(/^[0-9a-f]{40}$/) });
    }
  });

  it('reads lists page by page until the key of the next page is empty or "0"', async () => {
    const names = Array.from({ length: 23 }, (_, index) => `stage-${index}`);
    await request('POST', '/v1/project', {
      name: 'pages',
      shipyard: base64(`stages:\n${names.map((name) => `  - name: ${name}\n`).join('')}`),
    });
    const read: string[] = [];
    let key = '';
    do {
      const query = key === '' ? '' : `?nextPageKey=${key}`;
      const { answer } = await request('GET', `${CONFIGURATION}/project/pages/stage${query}`);
      const { stages, nextPageKey = '' } = answer as { stages: { stageName: string }[]; nextPageKey?: string };
      read.push(...stages.map(({ stageName }) => stageName));
      key = nextPageKey;
    } while (key !== '' && key !== '0');
    expect(read.toSorted()).toEqual(names.toSorted());
  });

  it.each([
    ['GET', '/v1/event?keptnContext=x&type=y', 404],
    ['DELETE', '/v1/project/nowhere', 404],
    ['POST', '/v1/project', 400],
    ['GET', `${CONFIGURATION}/project/nowhere`, 404],
    ['PUT', `${CONFIGURATION}/project/nowhere`, 400],
    ['GET', `${CONFIGURATION}/project/nowhere/resource/a.yaml`, 404],
    ['GET', '/mongodb-datastore/event?pageSize=x', 400],
    ['GET', '/nowhere', 404],
    ['PATCH', '/v1/metadata', 405],
  ])('finds a message in every failure: %s %s', async (method, path, code) => {
    expect(await request(method, path)).toEqual({
      status: code,
      answer: { code, message: expect.stringMatching(/./), reason: expect.stringMatching(/^[A-Z_]+$/) },
    });
  });
});
