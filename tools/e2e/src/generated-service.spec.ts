import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePorts } from '@keptn/vitest-setup/free-ports';
import { type LaunchedSystem, newLaunch, removeData, startSystem } from './running-system';
import { generateService, WorkspaceCopy } from './workspace-copy';

/** Milliseconds for builds and checks on a busy machine. */
const TIMEOUT_MS = 300_000;

const GENERATED = ['apps/sample-service', 'libs/api-models/src/sample-service'];

/** Those of the services there are, and of one more. */
const PORTS = 10;

describe('a generated service', { timeout: TIMEOUT_MS }, () => {
  let copy: WorkspaceCopy;
  let system: LaunchedSystem;

  beforeAll(async () => {
    copy = await WorkspaceCopy.make();
    await generateService(copy, 'sample-service', 'Answers one question');
    await copy.run('nx', 'run-many', '--target=build', '--projects=sample-service,launcher');
    system = await startSystem({
      ...(await newLaunch()),
      firstPort: await findFreePorts(PORTS),
      launcher: join(copy.folder, 'dist/tools/launcher/main.js'),
    });
  }, TIMEOUT_MS);

  afterAll(async () => {
    await system.interrupt();
    await removeData(system.launch);
    await copy.remove();
  });

  it('answers through the gateway, with the token only', async () => {
    const { status, json } = await system.call('GET', '/sample-service/v1/status');
    expect({ status, json }).toEqual({ status: 200, json: { service: 'sample-service' } });
    expect((await system.call('GET', '/sample-service/v1/status', undefined, {})).status).toBe(401);
  });

  it('is in the Swagger portal, and its document is where the portal looks for it', async () => {
    const portal = await system.call('GET', '/swagger-ui/swagger-ui-init.js', undefined, {});
    expect(portal.text).toContain('"../sample-service/swagger-ui/swagger.yaml"');
    const document = await system.call('GET', '/sample-service/swagger-ui/swagger.yaml', undefined, {});
    expect(document.text).toContain('Get the status of the service');
  });

  it('passes its own tests, and those of what names or renders every service', async () => {
    await copy.run('vitest', 'run', 'apps/sample-service/', 'libs/service-catalog/', 'tools/docs/', 'tools/manifests/');
  });

  it('passes lint and is formatted', async () => {
    // So that the linter need not understand the rest of the workspace.
    await copy.change('tsconfig.json', (text) =>
      text.replace('["apps", "libs", "tools", ', `["${GENERATED.join('", "')}", `),
    );
    await copy.run('oxlint', ...GENERATED);
    await copy.run('eslint', '--max-warnings=0', ...GENERATED);
    await copy.run('oxfmt', '--check', 'apps/sample-service', 'libs/api-models', 'deploy', 'docs/architecture.md');
  });
});
