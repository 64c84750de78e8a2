import { type Document } from 'bson';
import { MAX_DOCUMENT_BYTES, MAX_MESSAGE_BYTES } from '../bson/validate';
import { type CommandHandler } from './command';
import { MAX_WRITE_BATCH } from './insert';

/** The protocol of MongoDB 7.0, whose commands and errors are the model here. */
const MAX_WIRE_VERSION = 21;
const VERSION = '7.0.0';
const SESSION_TIMEOUT_MINUTES = 30;

/**
 * `hello` and its older names. It shows a standalone server: no set name, so that drivers use neither retryable writes
 * nor transactions.
 */
export const hello: CommandHandler = (_engine, command): Document => ({
  helloOk: true,
  ismaster: true,
  isWritablePrimary: true,
  maxBsonObjectSize: MAX_DOCUMENT_BYTES,
  maxMessageSizeBytes: MAX_MESSAGE_BYTES,
  maxWriteBatchSize: MAX_WRITE_BATCH,
  localTime: new Date(),
  logicalSessionTimeoutMinutes: SESSION_TIMEOUT_MINUTES,
  connectionId: command.connectionId,
  minWireVersion: 0,
  maxWireVersion: MAX_WIRE_VERSION,
  readOnly: false,
});

/** `ping`, and the commands about sessions, which hold no state here. */
export const acknowledge: CommandHandler = () => ({});

/** `buildInfo`. */
export const buildInfo: CommandHandler = () => ({
  version: VERSION,
  versionArray: VERSION.split('.').map(Number).concat(0),
  gitVersion: 'embedded',
  modules: ['keptn-embedded-store'],
  bits: 64,
  debug: false,
  maxBsonObjectSize: MAX_DOCUMENT_BYTES,
});

/** `connectionStatus`: there are no users. */
export const connectionStatus: CommandHandler = () => ({
  authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] },
});

/** `serverStatus`, the part of it that people look at. */
export const serverStatus: CommandHandler = (engine) => {
  const { rss, heapUsed } = process.memoryUsage();
  const uptimeMillis = Date.now() - engine.startedAt.getTime();
  return {
    host: 'embedded',
    version: VERSION,
    process: 'keptn-embedded-store',
    pid: process.pid,
    uptime: Math.floor(uptimeMillis / 1000),
    uptimeMillis,
    localTime: new Date(),
    connections: { current: engine.connectionCount() },
    metrics: { cursor: { open: { total: engine.cursors.size } } },
    mem: { resident: Math.round(rss / 2 ** 20), heap: Math.round(heapUsed / 2 ** 20) },
  };
};

/** `getParameter`, which tools ask for the compatibility version. */
export const getParameter: CommandHandler = () => ({ featureCompatibilityVersion: { version: '7.0' } });

/** `getLog` and `getCmdLineOpts`, which mongosh asks for at its start. */
export const getLog: CommandHandler = () => ({ totalLinesWritten: 0, log: [] });
export const getCmdLineOpts: CommandHandler = () => ({ argv: [], parsed: {} });

/** `hostInfo`. */
export const hostInfo: CommandHandler = () => ({ system: { currentTime: new Date() }, os: { type: process.platform } });
