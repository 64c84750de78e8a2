/** Lets `npx keptn` and npm scripts find the command that is built here, and nothing of the same name elsewhere. */
import { renameSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const link = join(dirname(fileURLToPath(import.meta.url)), '..', 'node_modules', '.bin', 'keptn');
// In one step, since another one may be looking for the command or linking it.
const made = `${link}.${process.pid}`;
symlinkSync(join('..', '..', 'dist', 'apps', 'cli', 'keptn.js'), made);
renameSync(made, link);
