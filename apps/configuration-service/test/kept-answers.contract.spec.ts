import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectStatus, StartedService } from './started-service';

const STAGES = ['dev', 'prod'];
const SERVICES = ['carts', 'orders'];
const PROJECT = '/v1/project/changing';

interface Project {
  readonly stages: readonly { readonly stageName: string; readonly services: readonly { serviceName: string }[] }[];
}

let service: StartedService;
beforeAll(async () => {
  service = await StartedService.start();
  await service.project('changing', STAGES, SERVICES);
});
afterAll(() => service.stop());

const placeOf = (stage: string, name: string): string => `${PROJECT}/stage/${stage}/service/${name}`;

/** Everything that changes a service; what is not possible at the moment is refused, and changes nothing. */
const CHANGES: Record<string, (stage: string, name: string, id: string) => Promise<unknown>> = {
  event: (stage, name, id) =>
    service.post('/v1/event', {
      ...{ id, type: 'sh.keptn.events.deployment-finished', source: 'test', shkeptncontext: id },
      data: { project: 'changing', stage, service: name, image: 'carts', tag: id },
    }),
  'opened approval': (stage, name, id) => service.post(`${placeOf(stage, name)}/approval`, { eventId: id }),
  'closed approval': (stage, name, id) => service.delete(`${placeOf(stage, name)}/approval/${id}`),
  remediation: (stage, name, id) => service.post(`${placeOf(stage, name)}/remediation`, { keptnContext: id }),
  'deleted service': (stage, name) => service.delete(placeOf(stage, name)),
  'created service': (stage, name) => service.post(`${PROJECT}/stage/${stage}/service`, { serviceName: name }),
  'deleted service in all stages': (_stage, name) => service.delete(`${PROJECT}/service/${name}`),
  'created service in all stages': (_stage, name) => service.post(`${PROJECT}/service`, { serviceName: name }),
  'deleted stage': (stage) => service.delete(`${PROJECT}/stage/${stage}`),
  'created stage': (stage) => service.post(`${PROJECT}/stage`, { stageName: stage }),
};

const change = fc.tuple(
  fc.constantFrom(...Object.keys(CHANGES)),
  fc.constantFrom(...STAGES),
  fc.constantFrom(...SERVICES),
  fc.constantFrom('a3e5f16d-8888-4720-82c7-6995062905c1', 'b3e5f16d-8888-4720-82c7-6995062905c2'),
);

async function expectProjectShowsItsServices(): Promise<void> {
  const project = (await expectStatus(200, service.get(PROJECT))).body as Project;
  const listed = (await expectStatus(200, service.get('/v1/project'))).body;
  expect(listed).toMatchObject({ projects: [project] });
  for (const stage of project.stages) {
    const { body } = await expectStatus(200, service.get(`${PROJECT}/stage/${stage.stageName}/service`));
    expect(body).toMatchObject({ services: stage.services });
    expect(stage.services).toHaveLength((body as { services: unknown[] }).services.length);
  }
}

it('a project shows its services as they are, after every kind of change', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 10, maxLength: 15 }), async (changes) => {
      for (const [kind, ...place] of changes) {
        await CHANGES[kind]?.(...place);
        await expectProjectShowsItsServices();
      }
    }),
    { numRuns: 5 },
  );
});
