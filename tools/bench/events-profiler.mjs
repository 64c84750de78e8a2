/**
 * For `node --import`: profiles the process from SIGUSR2 to its end and writes the profile into NODE_PROFILE_FOLDER.
 * `--cpu-prof` would do, were it allowed in NODE_OPTIONS, which is how the launcher's services are reached.
 */
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { join } from 'node:path';
import process from 'node:process';

const folder = process.env['NODE_PROFILE_FOLDER'];

process.once('SIGUSR2', () => {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.start');
  process.once('exit', () => {
    session.post('Profiler.stop', (error, answer) => {
      if (error === null && folder !== undefined) {
        writeFileSync(join(folder, `${process.pid}.cpuprofile`), JSON.stringify(answer.profile));
      }
    });
  });
});
