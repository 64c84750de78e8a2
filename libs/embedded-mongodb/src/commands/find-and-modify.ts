import { type Document } from 'bson';
import { asBoolean, type TypedDocument } from '../bson/document';
import { CommandError } from '../errors';
import { compileProjection } from '../query/projection';
import { compileUpdate } from '../update/update-document';
import { documentToUpsert } from '../update/upsert';
import { type Command, collectionName, type CommandHandler, documentArgument, type Engine } from './command';
import { modify, selection } from './modification';
import { prepareDocument } from './prepared-document';
import { type Target, withFirstMatch } from './target';

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
  return withFirstMatch(engine, command, selection(body, 'query', 1), asBoolean(body['upsert']), (target) =>
    isRemoval ? removeOne(command, target) : updateOne(engine, command, target),
  );
};

function removeOne(command: Command, target: Target | undefined): Document {
  if (target === undefined) return { lastErrorObject: { n: 0 }, value: null };
  const { collection, match } = target;
  collection.remove(match.recordId, match.document);
  return { lastErrorObject: { n: 1 }, value: shape(command, match.document) };
}

function updateOne(engine: Engine, command: Command, target: Target | undefined): Document {
  const { body } = command;
  const filter = documentArgument(body, 'query');
  const apply = compileUpdate(body['update']);
  if (target !== undefined) {
    const { after } = modify(target, apply);
    const value = shape(command, asBoolean(body['new']) ? after.document : target.match.document);
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
