import { dirname } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { SERVICES } from '@keptn/service-catalog';
import { InvalidSettings } from '@keptn/service-kit/settings';
import { describeSystem } from './banner';
import { warnOfFewFiles } from './open-files-limit';
import { readLauncherSettings } from './settings';
import { StartFailure } from './start-failure';
import { System } from './system';

const HELP = `usage: node dist/tools/launcher/main.js [serve SERVICE]

Starts the whole control plane on this machine, or one service of it: ${SERVICES.map(({ name }) => name).join(', ')}.
KEPTN_PORT, KEPTN_DATA_DIR, KEPTN_API_TOKEN, KEPTN_WITHOUT, KEPTN_PROCESSES, MONGODB_URI, HOST and the settings of the services
are described in docs/operate/settings.md.`;

/** This file is in dist/tools/launcher. */
const OWN_FOLDER = dirname(fileURLToPath(import.meta.url));

/** Runs the system until a signal ends it; a start that cannot succeed ends the process with one line. */
export async function launch(command: string | undefined, name: string | undefined): Promise<void> {
  const alone = SERVICES.find((service) => service.name === name);
  if (command !== undefined && (command !== 'serve' || alone === undefined)) {
    console.log(HELP);
    process.exit(command === '--help' ? 0 : 2);
  }
  try {
    const settings = readLauncherSettings(process.env);
    const system = await System.prepare({
      settings,
      environment: process.env,
      alone,
      launcher: OWN_FOLDER,
      onRestart: (service, hint) => {
        console.error(`${service} ended by itself and is started again${hint}`);
      },
    });
    const stop = stopOnSignal(system);
    await system.start().catch(async (error: unknown) => {
      await system.stop();
      throw error;
    });
    renewOnMessage(system);
    for (const warning of [await warnOfFewFiles(), ...system.warnings()])
      if (warning !== undefined) console.error(`Warning: ${warning}`);
    if (!stop.requested) {
      console.log(
        alone === undefined
          ? describeSystem(system, settings)
          : `${alone.name} listens at ${system.plans[0]?.url ?? ''}`,
      );
    }
  } catch (error) {
    if (!(error instanceof StartFailure || error instanceof InvalidSettings)) {
      throw error;
    }
    console.error(`Keptn cannot start: ${error.message}`);
    process.exit(1);
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
