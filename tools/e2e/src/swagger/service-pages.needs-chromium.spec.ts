import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LaunchedSystem, newLaunch, removeData, startSystem } from '../running-system';
import { SwaggerPage } from './swagger-page';

/** Milliseconds; a browser on a busy machine. */
const TIMEOUT_MS = 120_000;

describe('the Swagger UI of a service itself', { timeout: TIMEOUT_MS }, () => {
  let system: LaunchedSystem;
  let swagger: SwaggerPage;

  beforeAll(async () => {
    system = await startSystem(await newLaunch());
    swagger = await SwaggerPage.launch();
  }, TIMEOUT_MS);

  afterAll(async () => {
    await swagger.close();
    await system.interrupt();
    await removeData(system.launch);
  });

  /** The services take the ports above the gateway's, in this order. */
  it.each([
    ['api-service', 1, '/v1/docs', 'Projects', 'Project_create'],
    ['configuration-service', 2, '/v1/docs', 'Resources of stages', 'StageResource_read'],
    ['mongodb-datastore', 3, '/docs', 'Events', 'Event_list'],
  ])('shows the operations of %s', async (service, offset, docs, tag, operationId) => {
    const url = `http://127.0.0.1:${system.launch.firstPort + offset}`;
    expect(await swagger.open(url + docs)).toBe(`Keptn ${service}`);
    expect(swagger.page.url()).toBe(`${url}/swagger-ui/`);
    await swagger.operation(tag, operationId).waitFor();
    await swagger.screenshot(`own-page-${service}`);
    expect(swagger.complaints).toEqual([]);
  });
});
