import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesOf, git } from './git-client';
import { base64, expectStatus, failure, shipyardOf, StartedService } from './started-service';

const NANOSECONDS = /^\d{19}$/;

describe('projects', () => {
  let service: StartedService;
  beforeAll(async () => {
    service = await StartedService.start();
  });
  afterAll(() => service.stop());

  it('answers an empty list without totalCount, with "0" as the next page', async () => {
    expect((await service.get('/v1/project')).body).toEqual({ projects: [], nextPageKey: '0' });
  });

  it('creates a project with its shipyard and stages as one step', async () => {
    const shipyard = shipyardOf(['hardening', 'dev']);
    const created = await service.post('/v1/project', { projectName: 'sockshop', shipyard });
    expect(created).toMatchObject({ status: 204, body: undefined });
    expect((await service.get('/v1/project/sockshop')).body).toEqual({
      projectName: 'sockshop',
      creationDate: expect.stringMatching(NANOSECONDS),
      shipyard,
      stages: [
        { stageName: 'hardening', services: [] },
        { stageName: 'dev', services: [] },
      ],
    });
    expect((await service.get('/v1/project/sockshop/resource/shipyard.yaml')).body).toMatchObject({
      resourceURI: 'shipyard.yaml',
      resourceContent: shipyard,
    });
  });

  it('lays the repository out as the original did', async () => {
    await service.project('layout', ['dev']);
    const folder = service.repository('layout');
    expect(await filesOf(folder, 'master')).toEqual(['metadata.yaml', 'shipyard.yaml']);
    expect(await filesOf(folder, 'dev')).toEqual(['metadata.yaml']);
    expect(await git(folder, 'show', 'master:metadata.yaml')).toMatch(
      /^projectname: layout\ncreationtimestamp: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? \+0000 UTC$/,
    );
    expect(await git(folder, 'log', '--format=%s', 'master')).toBe('Added shipyard.yaml\nAdded metadata.yaml');
  });

  it('creates a project without a shipyard, which then has no stages', async () => {
    await expectStatus(204, service.post('/v1/project', { projectName: 'bare' }));
    expect((await service.get('/v1/project/bare')).body).toEqual({
      projectName: 'bare',
      creationDate: expect.stringMatching(NANOSECONDS),
      stages: [],
    });
  });

  it('answers 404 for a project that does not exist', async () => {
    expect(await service.get('/v1/project/nowhere')).toMatchObject(failure(404, 'Project not found'));
    expect(await service.delete('/v1/project/nowhere')).toMatchObject(failure(404, 'Project not found'));
    expect(await service.put('/v1/project/nowhere', {})).toMatchObject(failure(404, 'Project not found'));
  });

  it('refuses a second project of the same name', async () => {
    await service.project('twice');
    expect(await service.post('/v1/project', { projectName: 'twice' })).toMatchObject(
      failure(409, 'Project already exists'),
    );
  });

  it('lets exactly one of several simultaneous creations win', async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, () =>
        service.post('/v1/project', { projectName: 'race', shipyard: shipyardOf(['dev']) }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409, 409, 409, 409, 409]);
  });

  it.each([
    ['no body', undefined, 'a JSON body is required'],
    ['no name', {}, 'projectName in body is required'],
    ['a path as name', { projectName: '../x' }, expect.stringMatching(/^project name is not valid/)],
    ['a name that is an option', { projectName: '-f' }, expect.stringMatching(/^project name is not valid/)],
    [
      'a shipyard that is not base64',
      { projectName: 'broken', shipyard: '%' },
      expect.stringMatching(/^shipyard: .*base64/),
    ],
    [
      'a shipyard without stages',
      { projectName: 'broken', shipyard: base64('stages: []\n') },
      expect.stringMatching(/^shipyard: line 1, column \d+: stages: /),
    ],
    [
      'a shipyard with a stage that cannot be a branch',
      { projectName: 'broken', shipyard: shipyardOf(['dev', 'master']) },
      expect.stringMatching(/^shipyard: line 5, column \d+: stages\[1\]\.name: /),
    ],
  ])('refuses %s and makes nothing', async (_what, body, message) => {
    expect(await service.post('/v1/project', body)).toMatchObject(failure(400, message));
    expect((await service.get('/v1/project/broken')).status).toBe(404);
  });

  it('takes empty upstream fields, which clients send, for absent ones', async () => {
    const request = { projectName: 'empty-upstream', gitUser: '', gitToken: '', gitRemoteURI: '' };
    await expectStatus(204, service.post('/v1/project', request));
  });

  it('has nothing to update in a project', async () => {
    await service.project('updated');
    expect(await service.put('/v1/project/updated', { projectName: 'updated' })).toMatchObject(
      failure(400, 'Project not updated as Git credentials were missing'),
    );
    expect(await service.put('/v1/project/updated', { projectName: 'other' })).toMatchObject(
      failure(400, expect.stringContaining('cannot be renamed')),
    );
    expect(await service.put('/v1/project/updated', { gitToken: 'x' })).toMatchObject(
      failure(400, 'Project not updated as Git credentials were missing'),
    );
  });

  it('deletes a project with everything in it, after which its name is free', async () => {
    await service.project('gone', ['dev'], ['carts']);
    expect(await service.delete('/v1/project/gone')).toMatchObject({ status: 204, body: undefined });
    expect((await service.get('/v1/project/gone')).status).toBe(404);
    expect((await service.get('/v1/project/gone/resource')).status).toBe(404);
    await service.project('gone', ['dev']);
    expect((await service.get('/v1/project/gone')).body).toMatchObject({
      stages: [{ stageName: 'dev', services: [] }],
    });
  });
});

describe('the list of projects', () => {
  let service: StartedService;
  beforeAll(async () => {
    service = await StartedService.start();
    for (const name of ['p3', 'p1', 'p2']) {
      await service.project(name);
    }
  });
  afterAll(() => service.stop());

  const names = (body: unknown): string[] =>
    (body as { projects: { projectName: string }[] }).projects.map(({ projectName }) => projectName);

  it('is in the order of creation, with or without a trailing slash', async () => {
    expect(names((await service.get('/v1/project/')).body)).toEqual(['p3', 'p1', 'p2']);
  });

  it('is cut into pages', async () => {
    const first = await service.get('/v1/project?pageSize=2&disableUpstreamSync=true');
    expect(first.body).toMatchObject({ nextPageKey: '2', totalCount: 3 });
    expect(names(first.body)).toEqual(['p3', 'p1']);
    const second = await service.get('/v1/project?pageSize=2&nextPageKey=2');
    expect(second.body).toMatchObject({ nextPageKey: '0', totalCount: 3 });
    expect(names(second.body)).toEqual(['p2']);
  });

  it('takes an empty nextPageKey for the first page, and has nothing behind the last', async () => {
    expect(names((await service.get('/v1/project?nextPageKey=')).body)).toHaveLength(3);
    expect((await service.get('/v1/project?nextPageKey=7')).body).toEqual({
      projects: [],
      nextPageKey: '0',
      totalCount: 3,
    });
  });

  it.each([
    ['pageSize=51', 'pageSize in query should be less than or equal to 50'],
    ['pageSize=0', 'pageSize in query should be greater than or equal to 1'],
    ['pageSize=abc', 'pageSize in query must be of type int64: "abc"'],
    ['nextPageKey=-1', expect.stringMatching(/^nextPageKey in query must be the nextPageKey of the page before/)],
    ['nextPageKey=abc', expect.stringMatching(/^nextPageKey in query/)],
  ])('refuses ?%s', async (query, message) => {
    expect(await service.get(`/v1/project?${query}`)).toMatchObject(failure(400, message));
  });
});
