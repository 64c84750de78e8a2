import { Long } from 'bson';
import { asBoolean, type TypedDocument, writeDocument } from '../bson/document';
import { CommandError } from '../errors';
import { compileFieldSelection } from '../query/field-selection';
import { compileProjection } from '../query/projection';
import { type Match } from '../query/query-run';
import { collectionName, type CommandHandler, countArgument, documentArgument, findCollection } from './command';
import { cursorReply, DocumentBatches, firstBatch, QueryBatches } from './cursor-reply';
import { querySpecification } from './query-arguments';

/** `find`. */
export const find: CommandHandler = async (engine, command) => {
  const { body } = command;
  const specification = querySpecification(body, 'filter');
  const shape = shapeOf(documentArgument(body, 'projection'));
  const limit = countArgument(body, 'limit') ?? 0;
  const isSingle = asBoolean(body['singleBatch']) || limit < 0;
  const batchSize = countArgument(body, 'batchSize');
  const collection = findCollection(engine, command);
  if (collection === undefined) {
    const nothing = new DocumentBatches(`${command.database}.${collectionName(command)}`, []);
    return firstBatch(engine.cursors, nothing, 1, true);
  }
  const stream = engine.store.stream(collection, engine.store.plan(collection, specification));
  return firstBatch(engine.cursors, new QueryBatches(collection, stream, shape), batchSize, isSingle);
};

/** What of a match is sent; where that can be seen without decoding the document, it is not decoded. */
function shapeOf(projection: TypedDocument): (match: Match) => Buffer {
  const select = compileFieldSelection(projection);
  if (select !== undefined) return ({ bytes }) => select(bytes);
  const project = compileProjection(projection);
  return project === undefined ? ({ bytes }) => bytes : (match) => writeDocument(project(match.document));
}

/** `getMore`. */
export const getMore: CommandHandler = async (engine, command) => {
  const id = cursorId(command.body['getMore']);
  const collection = command.body['collection'];
  if (typeof collection !== 'string') throw new CommandError('TypeMismatch', "field 'collection' has to be a string");
  const namespace = `${command.database}.${collection}`;
  const size = countArgument(command.body, 'batchSize') ?? 0;
  const batch = await engine.cursors.next(id.toString(), namespace, size > 0 ? size : Infinity);
  return cursorReply('nextBatch', batch.documents, batch.isLast ? Long.ZERO : id, namespace);
};

/** `killCursors`. */
export const killCursors: CommandHandler = (engine, command) => {
  const given = command.body['cursors'];
  const ids = (Array.isArray(given) ? given : []).map(cursorId);
  const isKilled = (id: Long): boolean => engine.cursors.kill(id.toString());
  const cursorsKilled = ids.filter(isKilled);
  const cursorsNotFound = ids.filter((id) => !cursorsKilled.includes(id));
  return { cursorsKilled, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [] };
};

function cursorId(value: unknown): Long {
  if (!Long.isLong(value)) throw new CommandError('TypeMismatch', 'a cursor id has to be a long');
  return value;
}
