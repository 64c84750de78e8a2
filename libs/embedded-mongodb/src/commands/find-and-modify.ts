import { type Document } from 'bson';
import { asBoolean, type TypedDocument } from '../bson/document';
import { CommandError } from '../errors';
import { compileProjection } from '../query/projection';
import { type Match } from '../query/query-run';
import { type Collection } from '../storage/collection';
import { compileUpdate } from '../update/update-document';
import { documentToUpsert } from '../update/upsert';
import {
  type Command,
  collectionName,
  type CommandHandler,
  documentArgument,
  durabilityOf,
  type Engine,
  findCollection,
} from './command';
import { modify, selection } from './modification';
import { prepareDocument } from './prepared-document';
import { firstMatch, needsSearch, withFirstMatch } from './target';

/** `findAndModify`: finds one document and changes, makes or removes it in one atomic step. */
export const findAndModify: CommandHandler = (engine, command) => {
  const { body } = command;
  const isRemoval = asBoolean(body['remove']);
  if (isRemoval && body['update'] !== undefined) {
    throw new CommandError('FailedToParse', 'Cannot specify both an update and remove=true');
  }
  if (!isRemoval && body['update'] === undefined) {
    throw new CommandError('FailedToParse', 'Either an update or remove=true must be specified');
  }
  const collection = findCollection(engine, command);
  const change = (match: Match | undefined): Document =>
    isRemoval ? removeOne(command, collection, match) : updateOne(engine, command, collection, match);
  const specification = selection(body, 'query', 1);
  if (collection !== undefined && needsSearch(engine.store, collection, specification)) {
    return withFirstMatch(engine.store, collection, specification, asBoolean(body['upsert']), change);
  }
  return engine.store.write(() => {
    // The collection may have been made since; it is looked up in the transaction.
    const existing = findCollection(engine, command);
    const match = existing === undefined ? undefined : firstMatch(engine.store, existing, specification);
    return isRemoval ? removeOne(command, existing, match) : updateOne(engine, command, existing, match);
  }, durabilityOf(command));
};

function removeOne(command: Command, collection: Collection | undefined, match: Match | undefined): Document {
  if (collection === undefined || match === undefined) return { lastErrorObject: { n: 0 }, value: null };
  collection.remove(match.recordId, match.document);
  return { lastErrorObject: { n: 1 }, value: shape(command, match.document) };
}

function updateOne(
  engine: Engine,
  command: Command,
  collection: Collection | undefined,
  match: Match | undefined,
): Document {
  const { body } = command;
  const filter = documentArgument(body, 'query');
  const apply = compileUpdate(body['update']);
  if (collection !== undefined && match !== undefined) {
    const { after } = modify(collection, match, apply);
    const value = shape(command, asBoolean(body['new']) ? after.document : match.document);
    return { lastErrorObject: { n: 1, updatedExisting: true }, value };
  }
  if (!asBoolean(body['upsert'])) return { lastErrorObject: { n: 0, updatedExisting: false }, value: null };
  const made = prepareDocument(documentToUpsert(filter, body['update'], apply));
  engine.store.catalog.ensure(command.database, collectionName(command)).insert(made.document, made.bytes);
  return {
    lastErrorObject: { n: 1, updatedExisting: false, upserted: made.document['_id'] },
    value: asBoolean(body['new']) ? shape(command, made.document) : null,
  };
}

function shape(command: Command, document: TypedDocument): TypedDocument {
  const project = compileProjection(documentArgument(command.body, 'fields'));
  return project === undefined ? document : project(document);
}
