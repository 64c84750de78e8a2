import { type Document } from 'bson';
import { RawDocument } from '../bson/raw-document';
import { CommandError, notSupported } from '../errors';
import { aggregate } from './aggregate';
import { collStats, create, dbStats, drop, dropDatabase, listCollections, listDatabases } from './catalog-commands';
import { type Command, type CommandHandler, type Engine } from './command';
import { count, distinct } from './count';
import { remove } from './delete';
import { explain } from './explain';
import { find, getMore, killCursors } from './find';
import { findAndModify } from './find-and-modify';
import {
  acknowledge,
  buildInfo,
  connectionStatus,
  getCmdLineOpts,
  getLog,
  getParameter,
  hello,
  hostInfo,
  serverStatus,
} from './handshake';
import { createIndexes, dropIndexes, listIndexes } from './index-commands';
import { insert } from './insert';
import { refuseConcerns, refuseTransactions } from './query-arguments';
import { update } from './update';

const refuseTransactionEnd: CommandHandler = (_engine, command) => {
  throw notSupported(`the command ${command.name} (transactions)`);
};

const HANDLERS: Readonly<Record<string, CommandHandler>> = {
  abortTransaction: refuseTransactionEnd,
  aggregate,
  buildInfo,
  buildinfo: buildInfo,
  collStats,
  commitTransaction: refuseTransactionEnd,
  connectionStatus,
  count,
  create,
  createIndexes,
  dbStats,
  dbstats: dbStats,
  delete: remove,
  distinct,
  drop,
  dropDatabase,
  dropIndexes,
  endSessions: acknowledge,
  explain,
  find,
  findAndModify,
  findandmodify: findAndModify,
  getCmdLineOpts,
  getLog,
  getMore,
  getParameter,
  hello,
  hostInfo,
  insert,
  isMaster: hello,
  ismaster: hello,
  killAllSessions: acknowledge,
  killCursors,
  killSessions: acknowledge,
  listCollections,
  listDatabases,
  listIndexes,
  ping: acknowledge,
  refreshSessions: acknowledge,
  serverStatus,
  startSession: acknowledge,
  update,
};

/** Told about failures that are not the client's. */
export type FailureLog = (message: string, error: unknown) => void;

/** Carries out a command. It always answers; what fails becomes an error document. */
export async function dispatch(
  engine: Engine,
  command: Command,
  logFailure: FailureLog,
): Promise<Document | RawDocument> {
  try {
    const handler = Object.hasOwn(HANDLERS, command.name) ? HANDLERS[command.name] : undefined;
    if (handler === undefined) throw commandNotFound(command.name);
    refuseTransactions(command);
    refuseConcerns(command);
    const reply = await handler(engine, command);
    return reply instanceof RawDocument ? reply.fields({ ok: 1 }) : { ...reply, ok: 1 };
  } catch (error) {
    return errorReply(error, command, logFailure);
  }
}

function commandNotFound(name: string): CommandError {
  return new CommandError(
    'CommandNotFound',
    `no such command: '${name}' (this is the embedded store, a development and single-machine engine; ` +
      'use a real MongoDB, set MONGODB_URI, for commands that it lacks)',
  );
}

function errorReply(error: unknown, command: Command, logFailure: FailureLog): Document {
  if (error instanceof CommandError) {
    return { ok: 0, errmsg: error.message, code: error.code, codeName: error.codeName, ...error.details };
  }
  logFailure(`the command ${command.name} failed`, error);
  const message = error instanceof Error ? error.message : String(error);
  return { ok: 0, errmsg: `the embedded store failed: ${message}`, code: 1, codeName: 'InternalError' };
}
