/**
 * Serves one service alone, and again after each change of its sources:
 *
 *   npx nx serve api-service
 *
 * The others are expected at their ports, as under `npm start`; a database is brought along when the service needs one.
 */
import { fork } from 'node:child_process';
import process from 'node:process';
import { watch } from 'rolldown';
import { bundleOf } from './build.mjs';

const service = process.argv[2] ?? '';
const { input, output } = bundleOf(`apps/${service}`);
const watcher = watch({ ...input, output });

/** @type {import('node:child_process').ChildProcess | undefined} */
let launcher;

watcher.on('event', async (event) => {
  if (event.code === 'ERROR') {
    console.error(event.error.message);
    await event.result.close();
    return;
  }
  if (event.code !== 'BUNDLE_END') {
    return;
  }
  await event.result.close();
  if (launcher === undefined) {
    launcher = fork('dist/tools/launcher/main.js', ['serve', service]);
    launcher.once('exit', (code) => process.exit(code ?? 1));
  } else {
    console.log(`${service} has changed`);
    launcher.send('renew');
  }
});

// The launcher has the same terminal, or gets the signal from here; its end ends this process.
process.on('SIGINT', () => launcher ?? process.exit(0));
for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => launcher?.kill(signal) ?? process.exit(0));
}
