import { type Document } from 'bson';
import { asNumber, readTyped, type TypedDocument } from '../bson/document';
import { compileFilter } from '../filter/matcher';
import { type Collection } from '../storage/collection';
import { type CommandHandler, findCollection, type Engine } from './command';
import { sentDocuments, writeReply } from './insert';
import { selection } from './modification';
import { forEachChunk } from './record-chunks';
import { withFirstMatch } from './target';
import { writeError } from './write-errors';

/** `delete`. */
export const remove: CommandHandler = async (engine, command) => {
  const statements = sentDocuments(command, 'deletes').map(readTyped);
  const collection = findCollection(engine, command);
  const errors: Document[] = [];
  let n = 0;
  for (const [index, statement] of statements.entries()) {
    try {
      if (collection !== undefined) n += await removeMatches(engine, collection, statement);
    } catch (error) {
      errors.push(writeError(index, error));
      if (command.body['ordered'] !== false) break;
    }
  }
  return writeReply({ n }, errors);
};

async function removeMatches(engine: Engine, collection: Collection, statement: TypedDocument): Promise<number> {
  const limit = asNumber(statement['limit']) ?? 0;
  const specification = selection(statement, 'q', limit);
  if (limit === 1) {
    return withFirstMatch(engine.store, collection, specification, false, (match) => {
      if (match !== undefined) collection.remove(match.recordId, match.document);
      return match === undefined ? 0 : 1;
    });
  }
  const matches = compileFilter(specification.filter);
  let removed = 0;
  await forEachChunk(engine.store, collection, specification, (match) => {
    if (!matches(match.document)) return;
    collection.remove(match.recordId, match.document);
    removed++;
  });
  return removed;
}
