import { readdir, truncate, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { base64, expectStatus, failure, shipyardOf, StartedService } from './started-service';
import { git } from './git-client';

describe('a damaged Git repository', () => {
  let service: StartedService;
  let project = '';
  let projects = 0;

  beforeAll(async () => {
    service = await StartedService.start();
  });
  afterAll(async () => {
    await service.stop();
  });
  beforeEach(async () => {
    project = `p${++projects}`;
    await service.project(project, ['dev', 'prod']);
    const body = { resourceURI: 'a.yaml', resourceContent: base64('precious') };
    await expectStatus(201, service.put(path('dev'), body));
    // What the journal holds would be restored.
    await service.restart();
  });

  const path = (stage: string) => `/v1/project/${project}/stage/${stage}/resource/a.yaml`;
  const unreadable = (subject: string) => failure(503, expect.stringContaining(subject));

  it.each([
    ['empty', ''],
    ['garbage', 'garbage'],
  ])('keeps the stage whose branch is %s, and lets nobody create it over what it held', async (_kind, content) => {
    const file = join(service.repository(project), 'refs/heads/dev');
    const head = await git(service.repository(project), 'rev-parse', 'dev');
    await writeFile(file, content);
    await service.restart();
    expect(await service.get(path('dev'))).toMatchObject(unreadable('refs/heads/dev'));
    const answer = await service.put(path('dev'), { resourceURI: 'a.yaml', resourceContent: base64('new') });
    expect(answer).toMatchObject(unreadable('restore it from a backup'));
    expect(JSON.stringify(answer.body)).not.toContain(service.folder);
    await expectStatus(409, service.post(`/v1/project/${project}/stage`, { stageName: 'dev' }));
    expect((await service.get(`/v1/project/${project}/stage/dev`)).status).toBe(200);
    await expectStatus(201, service.put(path('prod'), { resourceURI: 'a.yaml', resourceContent: base64('elsewhere') }));
    await writeFile(file, `${head.trim()}\n`);
    await service.restart();
    await expectStatus(200, service.get(path('dev')));
  });

  it('says so, and is not created again before it is deleted, when its HEAD is gone', async () => {
    await unlink(join(service.repository(project), 'HEAD'));
    await service.restart();
    expect(await service.get(path('dev'))).toMatchObject(unreadable('HEAD'));
    const create = () => service.post('/v1/project', { projectName: project, shipyard: shipyardOf(['dev', 'prod']) });
    await expectStatus(409, create());
    await expectStatus(204, service.delete(`/v1/project/${project}`));
    await expectStatus(204, create());
    expect((await service.get(path('dev'))).status).toBe(404);
  });

  it('names an object that cannot be read', async () => {
    const repository = service.repository(project);
    const blob = (await git(repository, 'rev-parse', 'dev:a.yaml')).trim();
    await truncate(join(repository, 'objects', blob.slice(0, 2), blob.slice(2)));
    await service.restart();
    expect(await service.get(path('dev'))).toMatchObject(unreadable(blob));
  });

  it('names a pack that cannot be read', async () => {
    const repository = service.repository(project);
    await git(repository, 'repack', '-a', '-d', '-q');
    const packs = join(repository, 'objects', 'pack');
    for (const name of await readdir(packs)) if (name.endsWith('.idx')) await truncate(join(packs, name));
    await service.restart();
    expect(await service.get(path('dev'))).toMatchObject(unreadable('is missing or unreadable'));
    await expectStatus(204, service.delete(`/v1/project/${project}`));
  });
});
