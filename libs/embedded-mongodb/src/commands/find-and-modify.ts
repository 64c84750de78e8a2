import { type Document } from 'bson';
import { asBoolean, type TypedDocument } from '../bson/document';
import { CommandError } from '../errors';
import { compileProjection } from '../query/projection';
import { compileUpdate } from '../update/update-document';
import { documentToUpsert } from '../update/upsert';
import {
  type Command,
  collectionName,
  type CommandHandler,
  documentArgument,
  type Engine,
  findCollection,
} from './command';
import { matchesOf, modify, selection } from './modification';
import { prepareDocument } from './prepared-document';

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
  return engine.store.write(() => (isRemoval ? removeOne(engine, command) : updateOne(engine, command)));
};

function removeOne(engine: Engine, command: Command): Document {
  const collection = findCollection(engine, command);
  const [match] =
    collection === undefined ? [] : matchesOf(engine.store, collection, selection(command.body, 'query', 1));
  if (collection === undefined || match === undefined) return { lastErrorObject: { n: 0 }, value: null };
  collection.remove(match.recordId, match.document);
  return { lastErrorObject: { n: 1 }, value: shape(command, match.document) };
}

function updateOne(engine: Engine, command: Command): Document {
  const { body } = command;
  const collection = findCollection(engine, command);
  const filters = body['arrayFilters'];
  const filter = documentArgument(body, 'query');
  const apply = compileUpdate(body['update'], filter, Array.isArray(filters) ? filters : []);
  const [match] = collection === undefined ? [] : matchesOf(engine.store, collection, selection(body, 'query', 1));
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
  const project = compileProjection(documentArgument(command.body, 'fields'), documentArgument(command.body, 'query'));
  return project === undefined ? document : project(document);
}
