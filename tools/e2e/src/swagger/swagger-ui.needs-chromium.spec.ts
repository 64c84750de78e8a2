import process from 'node:process';
import { SERVICES } from '@keptn/service-catalog';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LaunchedSystem, newLaunch, removeData, startSystem } from '../running-system';
import { SwaggerPage } from './swagger-page';

const DEFINITIONS = SERVICES.filter(({ apiPath }) => apiPath !== undefined).map(({ name }) => name);

/** Milliseconds; a browser on a busy machine. */
const TIMEOUT_MS = 120_000;

let system: LaunchedSystem;
let swagger: SwaggerPage;
let portal: string;

beforeAll(async () => {
  swagger = await SwaggerPage.launch();
}, TIMEOUT_MS);

afterAll(() => swagger.close());

const start = async (prefix: string): Promise<void> => {
  system = await startSystem(await newLaunch({ PREFIX_PATH: prefix }));
  portal = `http://localhost:${system.launch.firstPort}${prefix}/api`;
};

const end = async (): Promise<void> => {
  await system.interrupt();
  await removeData(system.launch);
};

const shows = async (definitions: readonly string[], name: string): Promise<void> => {
  expect(await swagger.open(portal)).toBe('Keptn api-service');
  expect(swagger.page.url()).toMatch(`${portal}/swagger-ui/`);
  for (const definition of definitions) {
    expect(await swagger.select(definition)).toBe(`Keptn ${definition}`);
    await swagger.screenshot(`${name}-${definition}`);
  }
  expect(swagger.complaints).toEqual([]);
};

describe('Swagger UI', { timeout: TIMEOUT_MS }, () => {
  beforeAll(() => start(''), TIMEOUT_MS);
  afterAll(end);

  it('shows each API, one at a time', () => shows(DEFINITIONS.toReversed(), 'plain'));

  it('refuses without the token and says so, and works with it', async () => {
    expect(await swagger.tryOut('Metadata', 'Metadata_read')).toMatchObject({ status: 401 });
    await swagger.authorize(await system.token());
    await swagger.open(`${portal}/swagger-ui/`);
    expect(await swagger.tryOut('Metadata', 'Metadata_read')).toMatchObject({
      status: 200,
      text: expect.stringContaining('"keptnversion": "0.7.3"'),
    });
  });

  it('tries out a project, a service and an event with the examples as they stand', async () => {
    expect(await swagger.tryOut('Projects', 'Project_create')).toMatchObject({ status: 200 });
    await swagger.operation('Projects', 'Project_create').scrollIntoViewIfNeeded();
    await swagger.screenshot('plain-project-created');
    expect(await swagger.tryOut('Services', 'Service_create')).toMatchObject({ status: 200 });
    expect(await swagger.tryOut('Events', 'Event_send')).toMatchObject({ status: 200 });

    await swagger.select('configuration-service');
    expect(await swagger.tryOut('Projects', 'Project_get')).toMatchObject({
      status: 200,
      text: expect.stringContaining('"projectName": "sockshop"'),
    });
    await swagger.operation('Projects', 'Project_get').scrollIntoViewIfNeeded();
    await swagger.screenshot('plain-project-read');

    await swagger.select('mongodb-datastore');
    const events = await swagger.tryOut('Events', 'Event_list', { parameters: { project: 'sockshop' } });
    expect(events).toMatchObject({ status: 200, text: expect.stringContaining('sh.keptn.event.configuration.change') });
    await swagger.screenshot('plain-events-read');
    expect(swagger.complaints).toEqual([]);
  });

  it.each([
    ['api-service', '/v1/docs', 'Projects', 'Project_create'],
    ['configuration-service', '/v1/docs', 'Resources of stages', 'StageResource_read'],
    ['mongodb-datastore', '/docs', 'Events', 'Event_list'],
  ])('is served by %s itself', async (service, docs, tag, operationId) => {
    const offset = SERVICES.find(({ name }) => name === service)?.portOffset ?? 0;
    const url = `http://127.0.0.1:${system.launch.firstPort + offset}`;
    expect(await swagger.open(url + docs)).toBe(`Keptn ${service}`);
    expect(swagger.page.url()).toBe(`${url}/swagger-ui/`);
    await swagger.operation(tag, operationId).waitFor();
    await swagger.screenshot(`own-page-${service}`);
    expect(swagger.complaints).toEqual([]);
  });

  it('opens an operation by its link', async () => {
    const query = 'urls.primaryName=configuration-service';
    await swagger.open(`${portal}/swagger-ui/?${query}#/Resources%20of%20stages/StageResource_read`);
    await swagger.operation('Resources of stages', 'StageResource_read').locator('.opblock-body').waitFor();
  });

  it('shows a service that is down as such, and the others as ever', async () => {
    // It has a process of its own, which the launcher would start again.
    const { pid } = await system.processOf('mongodb-datastore');
    system.child.kill('SIGSTOP');
    process.kill(pid, 'SIGKILL');
    await swagger.page.goto(`${portal}/swagger-ui/?urls.primaryName=mongodb-datastore`);
    await swagger.page.getByText('mongodb-datastore cannot be reached; try again in a moment').waitFor();
    await swagger.screenshot('plain-service-down');
    expect(await swagger.select('configuration-service')).toBe('Keptn configuration-service');
    system.child.kill('SIGCONT');
  });
});

describe('Swagger UI behind a path prefix', { timeout: TIMEOUT_MS }, () => {
  beforeAll(() => start('/keptn'), TIMEOUT_MS);
  afterAll(end);

  it('finds the APIs', () => shows(['mongodb-datastore'], 'prefixed'));

  it('has the Bridge beside it, which knows the prefix as well', async () => {
    const { page } = swagger;
    await page.goto(`http://localhost:${system.launch.firstPort}/keptn/`);
    await page.getByLabel('API token').fill(await system.token());
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Welcome to Keptn' }).waitFor();
    await page.getByRole('link', { name: 'Runs' }).click();
    await page.getByText('There are no runs like this').waitFor();
    expect(page.url()).toMatch(/\/keptn\/bridge\/runs$/);
    expect(swagger.complaints).toEqual([]);
    await swagger.open(`${portal}/swagger-ui/`);
  });

  it('asks the API behind the prefix', async () => {
    await swagger.authorize(await system.token());
    await swagger.open(`${portal}/swagger-ui/`);
    expect(await swagger.tryOut('Metadata', 'Metadata_read')).toMatchObject({ status: 200 });
  });
});
