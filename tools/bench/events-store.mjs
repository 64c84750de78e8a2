/** The embedded store as a process of its own, until SIGTERM: `node tools/bench/events-store.mjs FOLDER`. */
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node tools/bench/events-store.mjs FOLDER');
  process.exit(2);
}
/** @type {typeof import('@keptn/embedded-mongodb')} the built library */
const { startEmbeddedMongodb } = await import(
  pathToFileURL(join(import.meta.dirname, '../../dist/libs/embedded-mongodb/index.js')).href
);
const store = await startEmbeddedMongodb({ folder });
console.log(`ready ${store.uri('keptn')}`);
process.once('SIGTERM', () => void store.close());
