import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { base64, expectStatus, failure, shipyardOf, StartedService } from './started-service';

/** What clients of Keptn 0.7 send, and what people keep in real repositories. */

let service: StartedService;
beforeAll(async () => {
  service = await StartedService.start();
  await service.project('sockshop', ['hardening', 'dev'], ['carts']);
});
afterAll(() => service.stop());

const CARTS = '/v1/project/sockshop/stage/dev/service/carts';

describe('an empty shipyard', () => {
  it.each(['', '\n'])('%j is refused, by the dry run as well, and leaves nothing behind', async (shipyard) => {
    const refusal = { status: 400, body: { reason: 'INVALID_SHIPYARD', message: expect.stringContaining('empty') } };
    expect(await service.post('/v1/project?dryRun=true', { projectName: 'em1', shipyard })).toMatchObject(refusal);
    expect(await service.post('/v1/project', { projectName: 'em1', shipyard })).toMatchObject(refusal);
    expect((await service.get('/v1/project/em1')).status).toBe(404);
    expect((await service.get('/v1/project/em1/resource')).status).toBe(404);
  });

  it('does not block the name', async () => {
    await service.post('/v1/project', { projectName: 'em2', shipyard: '' });
    await expectStatus(204, service.post('/v1/project', { projectName: 'em2', shipyard: shipyardOf(['dev']) }));
  });

  it('of comments only is refused the same way', async () => {
    const shipyard = base64('# to be written\n');
    expect((await service.post('/v1/project?dryRun=true', { projectName: 'em3', shipyard })).status).toBe(400);
    expect((await service.post('/v1/project', { projectName: 'em3', shipyard })).status).toBe(400);
    expect((await service.get('/v1/project/em3')).status).toBe(404);
  });
});

describe('null in an optional field', () => {
  it('is the same as left out when a project is created', async () => {
    const nulls = { gitUser: null, gitToken: null, gitPrivateKey: null, gitRemoteURI: null, gitRemoteURL: null };
    await expectStatus(204, service.post('/v1/project', { projectName: 'n1', shipyard: null, ...nulls }));
  });

  it('asks for nothing when a project is updated, in particular not to remove its upstream', async () => {
    const nulls = { projectName: null, gitUser: null, gitToken: null, gitRemoteURI: null, gitRemoteURL: null };
    expect(await service.put('/v1/project/sockshop', nulls)).toMatchObject(
      failure(400, 'Project not updated as Git credentials were missing'),
    );
  });

  it.each([
    [
      'the resources of a new service',
      200,
      'POST',
      '/v1/project/sockshop/service',
      { serviceName: 's2', resources: null },
    ],
    ['the name of a stage', 204, 'PUT', '/v1/project/sockshop/stage/dev', { stageName: null }],
    ['the name of a service', 204, 'PUT', CARTS, { serviceName: null }],
    ['a list of resources', 201, 'POST', '/v1/project/sockshop/resource', { resources: null }],
    ['the content of a resource', 201, 'PUT', `${CARTS}/resource/empty`, { resourceURI: null, resourceContent: null }],
  ] as const)('is the same as left out: %s', async (_what, status, method, path, body) => {
    await expectStatus(status, service.call(method, path, { body }));
  });

  it.each(['approval', 'remediation'])('is not kept in an %s', async (item) => {
    const keptnContext = `context-of-${item}`;
    const body = { eventId: `e-${item}`, keptnContext, image: null, tag: null, action: null, type: null, time: null };
    await expectStatus(200, service.post(`${CARTS}/${item}`, body));
    expect((await service.get(`${CARTS}/${item}`)).body).toMatchObject({
      [`${item}s`]: [{ eventId: `e-${item}`, keptnContext }],
    });
    expect(JSON.stringify((await service.get(CARTS)).body)).not.toContain('null');
  });
});

describe('./ in the path of a resource', () => {
  it('names the file without it, in lists, in paths and in the history', async () => {
    const file = { resourceURI: './slo.yaml', resourceContent: base64('x: 1') };
    await expectStatus(201, service.post('/v1/project/sockshop/resource', { resources: [file] }));
    for (const path of ['slo.yaml', '.%2Fslo.yaml', '%2F.%2Fslo.yaml']) {
      expect((await service.get(`/v1/project/sockshop/resource/${path}`)).body).toMatchObject({
        resourceURI: 'slo.yaml',
        resourceContent: file.resourceContent,
      });
    }
    expect((await service.get('/v1/project/sockshop/history?resourceURI=./slo.yaml')).body).toMatchObject({
      history: [{ message: 'Added resources' }],
    });
  });

  it('does not hide that a file is named twice', async () => {
    const resources = ['./a.yaml', 'a.yaml'].map((resourceURI) => ({ resourceURI }));
    expect(await service.post(`${CARTS}/resource`, { resources })).toMatchObject({
      status: 400,
      body: { reason: 'DUPLICATE_RESOURCE' },
    });
  });

  it('changes the shipyard like any other spelling', async () => {
    const resourceContent = shipyardOf(['hardening', 'dev', 'production']);
    const resources = [{ resourceURI: './shipyard.yaml', resourceContent }];
    await expectStatus(201, service.put('/v1/project/sockshop/resource', { resources }));
    expect((await service.get('/v1/project/sockshop')).body).toMatchObject({ shipyard: resourceContent });
  });

  it('does not open the way up', async () => {
    for (const resourceURI of ['./../x', 'a/./../x', '.']) {
      expect((await service.post(`${CARTS}/resource`, { resources: [{ resourceURI }] })).status).toBe(400);
    }
  });
});

describe('%252F in the path of a resource', () => {
  it.each(['%252F', '%252f', '%2F', '/'])('stands for a slash: %s', async (slash) => {
    const url = `${CARTS}/resource/helm${slash}values${slash}carts.yaml`;
    await expectStatus(201, service.put(url, { resourceContent: base64(slash) }));
    expect((await service.get(`${CARTS}/resource/helm/values/carts.yaml`)).body).toMatchObject({
      resourceURI: 'helm/values/carts.yaml',
      resourceContent: base64(slash),
    });
    await expectStatus(204, service.delete(url));
  });

  it('does not open the way up', async () => {
    expect((await service.put(`${CARTS}/resource/..%252F..%252Fx`, { resourceContent: '' })).status).toBe(400);
  });
});

describe('content for what does not exist', () => {
  const malformed = { resources: [{ resourceURI: '../x', resourceContent: '!' }], resourceContent: '!' };

  it.each([
    ['/v1/project/nowhere/resource', 'Project not found'],
    ['/v1/project/nowhere/resource/slo.yaml', 'Project not found'],
    ['/v1/project/sockshop/stage/nowhere/resource', 'Stage not found'],
    ['/v1/project/sockshop/stage/dev/service/nobody/resource/slo.yaml', 'Service not found'],
    ['/v1/project/sockshop/service/nobody/resource', 'Service not found'],
  ])('is not judged: %s', async (path, message) => {
    expect(await service.put(path, malformed)).toMatchObject(failure(404, message));
    const strict = { resourceContent: base64('- a'), resources: [] };
    expect(await service.put(path, strict, { Prefer: 'handling=strict' })).toMatchObject(failure(404, message));
  });
});

describe('a real file that Keptn 0.7 reads', () => {
  it.each([
    ['slo.yaml', "---\nspec_version: '0.1.0'\ncomparison:\nobjectives:\n"],
    ['neoload%2Fsli.yaml', "spec_version: '1.0'\nindicators:\n    hits:\n      metricType: GLOBAL\n"],
  ])('gets a hint, and no refusal by a strict check: %s', async (path, text) => {
    const answer = await service.put(
      `${CARTS}/resource/${path}`,
      { resourceContent: base64(text) },
      { Prefer: 'handling=strict' },
    );
    expect(answer.status).toBe(201);
    expect(answer.headers.get('warning')).toMatch(/^199 - ".*: hint: /);
  });

  it('is checked when its base64 is wrapped, as the base64 command does it', async () => {
    const resourceContent = base64('objectives: none\n').replace(/(.{8})/g, '$1\n');
    const answer = await service.put(`${CARTS}/resource/slo.yaml`, { resourceContent }, { Prefer: 'handling=strict' });
    expect(answer).toMatchObject({ status: 400, body: { reason: 'INVALID_FILE' } });
  });
});

describe('stages in answers', () => {
  it('are in the order of the shipyard', async () => {
    const created = await service.post('/v1/project/sockshop/service', { serviceName: 'orders' });
    expect(created.body).toEqual({ stages: ['hardening', 'dev'] });
    expect((await service.delete('/v1/project/sockshop/service/orders')).body).toEqual({
      stages: ['hardening', 'dev'],
    });
  });
});

describe('deleting what never was', () => {
  it('leaves no trace', async () => {
    const before = (await service.get('/v1/project')).body;
    for (const path of [
      '/v1/project/never',
      '/v1/project/sockshop/stage/never',
      '/v1/project/sockshop/service/never',
    ]) {
      expect((await service.delete(path)).status).toBe(404);
    }
    expect((await service.get('/v1/project')).body).toEqual(before);
    await expectStatus(204, service.post('/v1/project', { projectName: 'never', shipyard: shipyardOf(['dev']) }));
  });
});
