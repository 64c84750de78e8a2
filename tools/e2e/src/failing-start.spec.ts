import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { SERVICES } from '@keptn/service-catalog';
import { describe, expect, it } from 'vitest';
import { findFreePorts } from '@keptn/vitest-setup/free-ports';
import { listProcesses } from './processes';
import { LaunchedSystem, type Launch, newLaunch, removeData } from './running-system';

/** The services take the gateway's port and those above it. */
const LAST_FIRST_PORT = 65_535 - Math.max(...SERVICES.map(({ portOffset }) => portOffset));

const failToStart = async (launch: Launch): Promise<{ line: string; code: number | null }> => {
  const system = new LaunchedSystem(launch);
  const code = await system.exitCode();
  const orphans = (await listProcesses()).filter(({ commandLine }) => commandLine.includes(launch.dataFolder));
  expect(orphans).toEqual([]);
  const lines = system.output.trim().split('\n');
  expect(lines).toHaveLength(1);
  return { line: lines[0] ?? '', code };
};

describe('a start that cannot succeed ends with one line, exit code 1 and no process left', () => {
  it('when a port is taken', async () => {
    const launch = await newLaunch();
    const taken = launch.firstPort + 2;
    const server = createServer().listen(taken, '127.0.0.1');
    await once(server, 'listening');
    const { line, code } = await failToStart(launch);
    server.close();
    await removeData(launch);
    expect(line).toBe(
      `Keptn cannot start: port ${taken}, which configuration-service needs, is taken: end the process that has it, or choose others, e.g. KEPTN_PORT=9080`,
    );
    expect(code).toBe(1);
  });

  it('when the data folder cannot be written to', async () => {
    const launch = await newLaunch();
    const file = join(launch.dataFolder, 'a-file');
    await writeFile(file, '');
    const { line, code } = await failToStart({ ...launch, dataFolder: join(file, 'below') });
    await removeData(launch);
    expect(line).toMatch(
      /^Keptn cannot start: the data folder .*a-file\/below cannot be written to \(ENOTDIR\): .*KEPTN_DATA_DIR$/,
    );
    expect(code).toBe(1);
  });

  it('when MONGODB_URI cannot be reached, without showing its password', async () => {
    const port = await findFreePorts(1);
    const launch = await newLaunch({ MONGODB_URI: `mongodb://user:pa55word@127.0.0.1:${port}/keptn` });
    const { line, code } = await failToStart(launch);
    await removeData(launch);
    expect(line).toContain(`MongoDB cannot be reached at mongodb://127.0.0.1:${port}/keptn (MONGODB_URI): start it`);
    expect(line).not.toContain('pa55word');
    expect(code).toBe(1);
  });

  it.each([
    [{ KEPTN_PORT: '80a' }, 'KEPTN_PORT must be a port number from 0 to 65535, but is "80a"'],
    [{ KEPTN_PORT: '65534' }, `KEPTN_PORT must be a port number from 1 to ${LAST_FIRST_PORT}, but is "65534"`],
    [{ KEPTN_API_TOKEN: 'short' }, 'KEPTN_API_TOKEN must have 16 to 512 printable ASCII characters without blanks'],
    [
      { MONGODB_URI: 'localhost' },
      'MONGODB_URI must look like mongodb://host:27017/keptn, with the name of a database',
    ],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be fatal, error, warn, info, debug, trace or silent, but is "loud"'],
    [{ HOST: '192.0.2.1' }, 'HOST 192.0.2.1 is not an address of this machine: use 127.0.0.1, or 0.0.0.0 for all'],
  ])('when a variable is wrong: %j', async (environment, message) => {
    const launch = await newLaunch(environment);
    const { line, code } = await failToStart(launch);
    await removeData(launch);
    expect(line).toBe(`Keptn cannot start: ${message}`);
    expect(code).toBe(1);
  });
});
