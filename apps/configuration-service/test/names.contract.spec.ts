import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { git } from './git-client';
import { expectStatus, failure, shipyardOf, StartedService } from './started-service';

let service: StartedService;
beforeAll(async () => {
  service = await StartedService.start();
  await service.project('named', ['dev']);
});
afterAll(() => service.stop());

/** Each way to name something new (contract 4.12 has none of these rules; they are those of paths and refs). */
const WAYS = [
  ['project', (name: string) => service.post('/v1/project', { projectName: name })],
  ['stage', (name: string) => service.post('/v1/project/named/stage', { stageName: name })],
  ['service', (name: string) => service.post('/v1/project/named/stage/dev/service', { serviceName: name })],
  ['service', (name: string) => service.post('/v1/project/named/service', { serviceName: name })],
] as const;

const REFUSED = [
  '',
  '.',
  '..',
  'a/b',
  '../a',
  'a..b',
  '.git',
  'a.git',
  'a.lock',
  '-f',
  'a b',
  'a:b',
  'a>b',
  'ä',
  'a\n',
];
const TOO_LONG = 'a'.repeat(101);

describe.each(WAYS)('the name of a %s', (kind, create) => {
  it.each([...REFUSED, TOO_LONG])('is not %j', async (name) => {
    const before = await git(service.repository('named'), 'for-each-ref');
    expect(await create(name)).toMatchObject(failure(400, expect.stringMatching(`^${kind} name `)));
    expect(await git(service.repository('named'), 'for-each-ref')).toBe(before);
  });
});

describe('a name', () => {
  it.each(['a', '7', 'A.b_c-1', 'a'.repeat(100)])('may be %j', async (name) => {
    await expectStatus(204, service.post('/v1/project', { projectName: name, shipyard: shipyardOf([name]) }));
    await expectStatus(204, service.post(`/v1/project/${name}/stage/${name}/service`, { serviceName: name }));
    expect((await service.get(`/v1/project/${name}/stage/${name}/service/${name}`)).body).toMatchObject({
      serviceName: name,
    });
  });

  it.each(['..%2Fnamed', '.git', '-f', 'a%00b', TOO_LONG])(
    'in a path that none can have finds nothing: %s',
    async (name) => {
      for (const path of [name, `named/stage/${name}`, `named/service/${name}`, `named/stage/dev/service/${name}`]) {
        expect([400, 404]).toContain((await service.get(`/v1/project/${path}`)).status);
      }
    },
  );
});
