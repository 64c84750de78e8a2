import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { InvalidSettings } from '@keptn/service-kit';
import { describeSystem } from './banner';
import { readLauncherSettings } from './settings';
import { StartFailure } from './start-failure';
import { System } from './system';
import { isServiceName, SERVICE_NAMES } from './topology';

const HELP = `usage: node dist/tools/launcher/main.js [serve SERVICE]

Starts the whole control plane on this machine, or one service of it: ${SERVICE_NAMES.join(', ')}.
KEPTN_PORT, KEPTN_DATA_DIR, KEPTN_API_TOKEN, MONGODB_URI, HOST and LOG_LEVEL are described in docs/operate/settings.md.`;

/** This file is dist/tools/launcher/main.js. */
const DIST = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

async function launch(): Promise<void> {
  const [command, service] = process.argv.slice(2);
  if (command !== undefined && (command !== 'serve' || !isServiceName(service))) {
    console.log(HELP);
    process.exit(command === '--help' ? 0 : 2);
  }
  const isAlone = isServiceName(service);
  const settings = readLauncherSettings(process.env);
  const system = await System.prepare({
    settings,
    services: isAlone ? [service] : SERVICE_NAMES,
    dist: DIST,
    logTo: isAlone ? 'console' : 'files',
    // Alone, a service is not ready until the others are.
    waitFor: isAlone ? '/health' : '/ready',
    sharesDatabase: isAlone,
    onRestart: (name, hint) => {
      console.error(`${name} ended by itself and is started again${hint}`);
    },
  });
  const stop = stopOnSignal(system);
  try {
    await system.start();
  } catch (error) {
    await system.stop();
    throw error;
  }
  renewOnMessage(system);
  if (!stop.requested) {
    console.log(isAlone ? `${service} listens at ${system.plans[0]?.url ?? ''}` : describeSystem(system, settings));
  }
}

const stopOnSignal = (system: System): { requested: boolean } => {
  const state = { requested: false };
  const stop = (): void => {
    if (state.requested) {
      return;
    }
    state.requested = true;
    console.log('\nStopping ...');
    system.stop().then(
      () => {
        console.log('Stopped. The data is kept.');
        process.exit(0);
      },
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, stop);
  }
  return state;
};

/** The parent that builds anew on every change says so over the IPC channel. */
const renewOnMessage = (system: System): void => {
  process.on('message', () => {
    system.renew().catch((error: unknown) => {
      console.error(error instanceof StartFailure ? error.message : error);
    });
  });
};

try {
  await launch();
} catch (error) {
  if (!(error instanceof StartFailure || error instanceof InvalidSettings)) {
    throw error;
  }
  console.error(`Keptn cannot start: ${error.message}`);
  process.exit(1);
}
