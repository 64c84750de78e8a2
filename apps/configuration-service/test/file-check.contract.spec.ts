import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { base64, StartedService } from './started-service';

const FAULTY_SLO = 'objectives:\n  - sli: "a\u00fc"\n    key_sli: "yes"\n';
const FAULT = 'slo.yaml: line 3, column 14: objectives[0].key_sli: must be true or false';

let service: StartedService;
beforeAll(async () => {
  service = await StartedService.start();
  await service.project('p', ['dev'], ['carts']);
});
afterAll(() => service.stop());

describe.each([
  ['a project', '/v1/project/p/resource'],
  ['a stage', '/v1/project/p/stage/dev/resource'],
  ['a service', '/v1/project/p/stage/dev/service/carts/resource'],
  ['a service in all stages', '/v1/project/p/service/carts/resource'],
])('a faulty file of %s', (_what, path) => {
  const list = (uri: string, text: string) => ({ resources: [{ resourceURI: uri, resourceContent: base64(text) }] });

  it('is written with a warning that names line and field', async () => {
    for (const answer of [
      await service.post(path, list('slo.yaml', FAULTY_SLO)),
      await service.put(path, list('/slo.yaml', FAULTY_SLO)),
      await service.put(`${path}/slo.yaml`, { resourceContent: base64(FAULTY_SLO) }),
    ]) {
      expect([answer.status, answer.headers.get('warning')]).toEqual([201, `199 - "${FAULT}"`]);
    }
  });

  it.each(['handling=strict', 'return=minimal, handling=strict'])('is refused with Prefer: %s', async (Prefer) => {
    for (const answer of [
      await service.post(path, list('slo.yaml', FAULTY_SLO.replace('yes', 'no')), { Prefer }),
      await service.put(`${path}/slo.yaml`, { resourceContent: base64(FAULTY_SLO.replace('yes', 'no')) }, { Prefer }),
    ]) {
      expect(answer).toMatchObject({ status: 400, body: { code: 400, message: FAULT } });
    }
    const written = (await service.get(`${path}/slo.yaml`)).body;
    expect(written).toMatchObject({ resourceContent: base64(FAULTY_SLO) });
  });

  it('is looked at when Keptn reads it, and only then', async () => {
    const warnings = async (uri: string, text: string) =>
      (await service.post(path, list(uri, text))).headers.get('warning');
    expect(await warnings('prometheus/sli.yaml', 'indicators: {}')).toMatch(
      /sli\.yaml: line 1, column 13: indicators:/,
    );
    expect(await warnings('remediation.yaml', 'remediations:\n  - actions: []')).toMatch(/remediations\[0\]\.name/);
    expect(await warnings('slo.yaml', 'objectives: [{sli: a}]')).toBeNull();
    expect(await warnings('values.yaml', FAULTY_SLO)).toBeNull();
  });
});
