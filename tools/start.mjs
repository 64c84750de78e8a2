/** `npm start`: installs what is missing, builds what has changed, and runs the whole control plane on this machine. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installPackages, requireNode, run, workspace } from './prepare.mjs';

requireNode();
installPackages();
console.log('Building what has changed ...');
run('nx', ['run-many', '--targets=build,link', '--projects=tag:layer:app,launcher'], { quietly: true });
console.log('Starting ...');
await import(pathToFileURL(join(workspace, 'dist', 'tools', 'launcher', 'main.js')).href);
