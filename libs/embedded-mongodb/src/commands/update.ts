import { type Document } from 'bson';
import { asBoolean, type TypedDocument } from '../bson/document';
import { CommandError } from '../errors';
import { compileFilter } from '../filter/matcher';
import { documentToUpsert } from '../update/upsert';
import { compileUpdate, isOperatorUpdate, type Update } from '../update/update-document';
import {
  type Command,
  collectionName,
  type CommandHandler,
  documentArgument,
  durabilityOf,
  type Engine,
  findCollection,
} from './command';
import { sentStatements, writeReply } from './insert';
import { modify, selection } from './modification';
import { prepareDocument } from './prepared-document';
import { forEachChunk } from './record-chunks';
import { firstMatch, needsSearch, type Target, withFirstMatch } from './target';
import { runStatements, writeError } from './write-errors';

interface Tally {
  n: number;
  nModified: number;
  upserted: Document[];
}

/** `update`. */
export const update: CommandHandler = async (engine, command) => {
  const statements = sentStatements(command, 'updates');
  const isOrdered = command.body['ordered'] !== false;
  const tally: Tally = { n: 0, nModified: 0, upserted: [] };
  const errors: Document[] = [];
  for (let start = 0; start < statements.length;) {
    const end = endOfQuick(engine, command, statements, start);
    const failed =
      end === start
        ? await runAlone(engine, command, statements[start] ?? {}, start, tally)
        : await runTogether(engine, command, statements.slice(start, end), { start, isOrdered, tally });
    errors.push(...failed);
    if (isOrdered && errors.length > 0) break;
    start = Math.max(end, start + 1);
  }
  const { upserted, ...counts } = tally;
  return writeReply(upserted.length > 0 ? { ...counts, upserted } : counts, errors);
};

/** The end of the statements from `start` on that are quick enough to share a transaction. */
function endOfQuick(engine: Engine, command: Command, statements: readonly TypedDocument[], start: number): number {
  const collection = findCollection(engine, command);
  const isQuick = (statement: TypedDocument): boolean =>
    !asBoolean(statement['multi']) &&
    (collection === undefined || !needsSearch(engine.store, collection, selection(statement, 'q', 1)));
  const next = statements.findIndex((statement, index) => index >= start && !isQuick(statement));
  return next < 0 ? statements.length : next;
}

async function runTogether(
  engine: Engine,
  command: Command,
  statements: readonly TypedDocument[],
  options: { readonly start: number; readonly isOrdered: boolean; readonly tally: Tally },
): Promise<readonly Document[]> {
  const { start, isOrdered, tally } = options;
  const errors = await runStatements(
    statements.length,
    isOrdered,
    (operation) => engine.store.write(operation, durabilityOf(command)),
    (position) => {
      const statement = statements[position] ?? {};
      const target = firstMatch(engine, command, selection(statement, 'q', 1));
      updateOne(engine, command, { statement, index: start + position, tally }, target);
    },
  );
  return errors.map((error) => ({ ...error, index: Number(error['index']) + start }));
}

async function runAlone(
  engine: Engine,
  command: Command,
  statement: TypedDocument,
  index: number,
  tally: Tally,
): Promise<readonly Document[]> {
  try {
    if (asBoolean(statement['multi'])) await updateMany(engine, command, statement, index, tally);
    else await searchAndUpdate(engine, command, statement, index, tally);
    return [];
  } catch (error) {
    return [writeError(index, error)];
  }
}

async function searchAndUpdate(
  engine: Engine,
  command: Command,
  statement: TypedDocument,
  index: number,
  tally: Tally,
): Promise<void> {
  const mayInsert = asBoolean(statement['upsert']);
  await withFirstMatch(engine, command, selection(statement, 'q', 1), mayInsert, (target) => {
    updateOne(engine, command, { statement, index, tally }, target);
  });
}

interface Statement {
  readonly statement: TypedDocument;
  readonly index: number;
  readonly tally: Tally;
}

function updateOne(
  engine: Engine,
  command: Command,
  { statement, index, tally }: Statement,
  target: Target | undefined,
): void {
  const apply = compileUpdate(statement['u']);
  if (target === undefined) {
    upsert(engine, command, statement, index, tally);
    return;
  }
  const { isChanged } = modify(target, apply);
  tally.n++;
  tally.nModified += Number(isChanged);
}

/** Changes the matches in several transactions, as MongoDB does; each document is changed atomically. */
async function updateMany(
  engine: Engine,
  command: Command,
  statement: TypedDocument,
  index: number,
  tally: Tally,
): Promise<void> {
  const apply = compileUpdate(statement['u']);
  if (!isOperatorUpdate(statement['u'])) {
    throw new CommandError('FailedToParse', 'multi update is not supported for replacement-style update');
  }
  const before = tally.n;
  await changeMatches(engine, command, statement, apply, tally);
  if (tally.n > before) return;
  await engine.store.write(() => {
    upsert(engine, command, statement, index, tally);
  });
}

async function changeMatches(
  engine: Engine,
  command: Command,
  statement: TypedDocument,
  apply: Update,
  tally: Tally,
): Promise<void> {
  const specification = selection(statement, 'q', 0);
  const matches = compileFilter(specification.filter);
  await forEachChunk(engine, command, specification, (target) => {
    if (!matches(target.match.document)) return;
    const { isChanged } = modify(target, apply);
    tally.n++;
    tally.nModified += Number(isChanged);
  });
}

function upsert(engine: Engine, command: Command, statement: TypedDocument, index: number, tally: Tally): void {
  if (!asBoolean(statement['upsert'])) return;
  const made = documentToUpsert(documentArgument(statement, 'q'), statement['u'], compileUpdate(statement['u']));
  const { document, bytes } = prepareDocument(made);
  engine.store.catalog.ensure(command.database, collectionName(command)).insert(document, bytes);
  tally.n++;
  tally.upserted.push({ index, _id: document['_id'] });
}
