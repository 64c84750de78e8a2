import { type Document } from 'bson';
import { type RawDocument } from '../bson/raw-document';
import { asBoolean, asNumber, isDocument, type TypedDocument } from '../bson/document';
import { CommandError, notSupported } from '../errors';
import { type Collection } from '../storage/collection';
import { type Durability } from '../storage/environment';
import { type Store } from '../query/store';
import { type CursorRegistry } from './cursor-registry';
import { type IndexBuilds } from './index-builds';

/** A command that a client sent. */
export interface Command {
  /** As sent, e.g. `findAndModify`. */
  readonly name: string;
  readonly database: string;
  readonly body: TypedDocument;
  /** Documents sent beside the body, by field. */
  readonly sequences: ReadonlyMap<string, readonly Buffer[]>;
  readonly connectionId: number;
}

/** What commands work on. */
export interface Engine {
  readonly store: Store;
  readonly cursors: CursorRegistry;
  readonly indexBuilds: IndexBuilds;
  readonly startedAt: Date;
  /** Open connections, for serverStatus. */
  readonly connectionCount: () => number;
}

/** Carries out a command; `ok: 1` is added to what it returns. */
export type CommandHandler = (
  engine: Engine,
  command: Command,
) => Promise<Document | RawDocument> | Document | RawDocument;

/** The name of the collection that a command is about. @throws CommandError InvalidNamespace */
export function collectionName(command: Command): string {
  const name = command.body[command.name];
  if (typeof name !== 'string') {
    throw new CommandError('InvalidNamespace', `collection name has invalid type for ${command.name}`);
  }
  return name;
}

/** The collection that a command is about, if it exists. */
export function findCollection(engine: Engine, command: Command): Collection | undefined {
  return engine.store.catalog.find(command.database, collectionName(command));
}

/** An embedded document among the arguments; empty when it was not given. @throws CommandError TypeMismatch */
export function documentArgument(body: TypedDocument, name: string): TypedDocument {
  const value = body[name];
  if (value === undefined || value === null) return {};
  if (!isDocument(value)) throw new CommandError('TypeMismatch', `field '${name}' has to be a document`);
  return value;
}

/** A whole number among the arguments. @throws CommandError */
export function countArgument(body: TypedDocument, name: string): number | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  const number = asNumber(value);
  if (number === undefined) throw new CommandError('TypeMismatch', `field '${name}' has to be a number`);
  return Math.trunc(number);
}

/** When a write command may be answered: as soon as its writes are visible if the client waits for no journal (`j: false`). */
export function durabilityOf({ body }: Command): Durability {
  return documentArgument(body, 'writeConcern')['j'] === false ? 'visible' : 'on disk';
}

/** Options that would change what an answer means and that are missing here are refused, never ignored. */
export function refuseOptions(body: TypedDocument, ...names: readonly string[]): void {
  for (const name of names) {
    const value = body[name];
    const isContainer = isDocument(value) || Array.isArray(value);
    const isSet = isContainer ? Object.keys(value).length > 0 : typeof value === 'string' || asBoolean(value);
    if (isSet) throw notSupported(`the option ${name}`);
  }
}
