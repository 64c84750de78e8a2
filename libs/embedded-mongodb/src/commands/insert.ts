import { type Document } from 'bson';
import { type TypedDocument, writeDocument } from '../bson/document';
import { CommandError } from '../errors';
import { type Command, collectionName, type CommandHandler, durabilityOf } from './command';
import { prepareInsert, readStatement } from './prepared-document';
import { runStatements } from './write-errors';

/** The largest number of statements in one write command, as hello tells clients. */
export const MAX_WRITE_BATCH = 100_000;

/** `insert`. */
export const insert: CommandHandler = async (engine, command) => {
  const { store } = engine;
  const documents = sentDocuments(command, 'documents');
  const name = collectionName(command);
  let inserted = 0;
  const errors = await runStatements(
    documents.length,
    command.body['ordered'] !== false,
    (operation) => store.write(operation, durabilityOf(command)),
    (index) => {
      const prepared = prepareInsert(documents[index] ?? Buffer.alloc(0));
      store.catalog.ensure(command.database, name).insert(prepared.document, prepared.bytes);
      inserted++;
    },
  );
  return writeReply({ n: inserted }, errors);
};

/** The statements of a write command. @throws CommandError */
export const sentStatements = (command: Command, field: string): readonly TypedDocument[] =>
  sentDocuments(command, field).map(readStatement);

/** The documents or statements of a write command, as bytes. @throws CommandError InvalidLength */
function sentDocuments(command: Command, field: string): readonly Buffer[] {
  const inBody = command.body[field];
  const sent = command.sequences.get(field) ?? (Array.isArray(inBody) ? inBody.map(asBytes) : []);
  if (sent.length === 0 || sent.length > MAX_WRITE_BATCH) {
    throw new CommandError(
      'InvalidLength',
      `Write batch sizes must be between 1 and ${MAX_WRITE_BATCH}. Got ${sent.length === 0 ? 'no' : 'more'} operations.`,
    );
  }
  return sent;
}

function asBytes(value: unknown): Buffer {
  if (Buffer.isBuffer(value)) return value;
  if (value instanceof Uint8Array) return Buffer.from(value);
  return writeDocument(value as Document);
}

/** The reply to a write command. */
export function writeReply(counts: Document, errors: readonly Document[]): Document {
  return errors.length === 0 ? counts : { ...counts, writeErrors: errors };
}
