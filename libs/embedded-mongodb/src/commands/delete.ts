import { type Document } from 'bson';
import { asNumber, type TypedDocument } from '../bson/document';
import { compileFilter } from '../filter/matcher';
import { type Command, type CommandHandler, type Engine } from './command';
import { sentStatements, writeReply } from './insert';
import { selection } from './modification';
import { forEachChunk } from './record-chunks';
import { withFirstMatch } from './target';
import { writeError } from './write-errors';

/** `delete`. */
export const remove: CommandHandler = async (engine, command) => {
  const statements = sentStatements(command, 'deletes');
  const errors: Document[] = [];
  let n = 0;
  for (const [index, statement] of statements.entries()) {
    try {
      n += await removeMatches(engine, command, statement);
    } catch (error) {
      errors.push(writeError(index, error));
      if (command.body['ordered'] !== false) break;
    }
  }
  return writeReply({ n }, errors);
};

async function removeMatches(engine: Engine, command: Command, statement: TypedDocument): Promise<number> {
  const limit = asNumber(statement['limit']) ?? 0;
  const specification = selection(statement, 'q', limit);
  if (limit === 1) {
    return withFirstMatch(engine, command, specification, false, (target) => {
      target?.collection.remove(target.match.recordId, target.match.document);
      return target === undefined ? 0 : 1;
    });
  }
  const matches = compileFilter(specification.filter);
  let removed = 0;
  await forEachChunk(engine, command, specification, ({ collection, match }) => {
    if (!matches(match.document)) return;
    collection.remove(match.recordId, match.document);
    removed++;
  });
  return removed;
}
