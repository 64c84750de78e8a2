/**
 * The embedded store as a process of its own, so that its work is not taken for the service's: prints its connection
 * string and ends with its standard input.
 *
 *   node tools/bench/embedded-store.mjs FOLDER
 */
import process from 'node:process';

const bundle = new URL('../../dist/libs/embedded-mongodb/index.js', import.meta.url).href;
/** @type {typeof import('@keptn/embedded-mongodb')} */
const { startEmbeddedMongodb } = await import(bundle);
const store = await startEmbeddedMongodb({ folder: process.argv[2] ?? '' });
console.log(store.uri('keptn'));
process.stdin.on('end', () => void store.close()).resume();
