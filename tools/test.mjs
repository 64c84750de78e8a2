/** `npm test`: installs what is missing, then checks format, lint and types, builds everything and runs every test. */
import { installPackages, linkCommand, requireNode, run } from './prepare.mjs';
import { requirePrograms } from './vitest/test-programs.mjs';

requireNode();
requirePrograms();
installPackages();
linkCommand();
run('prettier', ['--check', '--log-level=warn', '.']);
await import('./lint.mjs');
run('tsc', ['-p', '.']);
run('nx', ['run-many', '--target=build'], { quietly: true });
run('vitest', ['run']);
