import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure, StartedService } from './started-service';

/** One more than a page holds unless told otherwise. */
const MANY = 21;

const SERVICE = '/v1/project/p00/stage/s00/service/v00';

/** Every list of the service with pages of offsets, and the name of its items (contract 4.1, 4.2). */
const LISTS = [
  ['/v1/project', 'projects'],
  ['/v1/project/p00/stage', 'stages'],
  ['/v1/project/p00/stage/s00/service', 'services'],
  ['/v1/project/p00/service', 'services'],
  ['/v1/project/p00/resource', 'resources'],
  ['/v1/project/p00/stage/s00/resource', 'resources'],
  [`${SERVICE}/resource`, 'resources'],
  ['/v1/project/p00/service/v00/resource', 'resources'],
  [`${SERVICE}/approval`, 'approvals'],
  [`${SERVICE}/remediation`, 'remediations'],
  [`${SERVICE}/remediation/one`, 'remediations'],
] as const;

let service: StartedService;
beforeAll(async () => {
  service = await StartedService.start();
  const numbers = Array.from({ length: MANY }, (_none, index) => String(index).padStart(2, '0'));
  const resources = numbers.map((number) => ({ resourceURI: `r${number}` }));
  await service.project(
    'p00',
    numbers.map((number) => `s${number}`),
    ['v00'],
  );
  for (const number of numbers.slice(1)) {
    await service.post('/v1/project', { projectName: `p${number}` });
    await service.post('/v1/project/p00/stage/s00/service', { serviceName: `v${number}` });
  }
  for (const path of ['resource', 'stage/s00/resource', 'service/v00/resource']) {
    await service.put(`/v1/project/p00/${path}`, { resources });
  }
  for (const number of numbers) {
    await service.post(`${SERVICE}/approval`, { eventId: number });
    await service.post(`${SERVICE}/remediation`, { eventId: number, keptnContext: 'one' });
  }
});
afterAll(() => service.stop());

interface List {
  readonly nextPageKey: string;
  readonly totalCount?: number;
  readonly [items: string]: unknown;
}

describe.each(LISTS)('the list %s', (url, items) => {
  const read = async (query = ''): Promise<{ list: List; length: number }> => {
    const { status, body } = await service.get(`${url}${query}`);
    expect(status).toBe(200);
    const list = body as List;
    return { list, length: (list[items] as unknown[]).length };
  };

  it('holds 20 items unless told otherwise, says how many there are, and where the next page begins', async () => {
    const { list, length } = await read();
    expect(length).toBe(20);
    expect(Object.keys(list).toSorted()).toEqual(['nextPageKey', 'totalCount', items].toSorted());
    expect(list.nextPageKey).toBe('20');
    expect(list.totalCount).toBeGreaterThanOrEqual(MANY);
  });

  it('ends with the key "0"', async () => {
    const { totalCount = 0 } = (await read()).list;
    expect(await read(`?nextPageKey=${totalCount - 1}`)).toMatchObject({ length: 1, list: { nextPageKey: '0' } });
    expect(await read('?nextPageKey=1000')).toMatchObject({ length: 0, list: { nextPageKey: '0' } });
  });

  it('takes a page size of 1 to 50, and the key of a page', async () => {
    for (const query of ['pageSize=0', 'pageSize=51', 'pageSize=-1', 'pageSize=x', 'nextPageKey=x', 'nextPageKey=-1']) {
      const [name] = query.split('=');
      expect(await service.get(`${url}?${query}`)).toMatchObject(
        failure(400, expect.stringMatching(`^${name ?? ''} in query `)),
      );
    }
  });

  it('is the same with disableUpstreamSync', async () => {
    expect((await service.get(`${url}?disableUpstreamSync=true`)).body).toEqual((await service.get(url)).body);
  });
});
