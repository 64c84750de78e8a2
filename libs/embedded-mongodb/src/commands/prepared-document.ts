import { ObjectId } from 'bson';
import { bsonClass, isDocument, readTyped, type TypedDocument, writeDocument } from '../bson/document';
import { InvalidBson, MAX_DOCUMENT_BYTES, MAX_NESTING, validateBson } from '../bson/validate';
import { CommandError } from '../errors';

/** A document in the form in which it is stored. */
export interface PreparedDocument {
  readonly document: TypedDocument;
  readonly bytes: Buffer;
}

/** A document to insert: checked, with `_id` as its first field. The bytes stay as sent where possible. */
export function prepareInsert(sent: Buffer): PreparedDocument {
  const document = readTyped(sent);
  const [first] = Object.keys(document);
  if (first === '_id') return checked({ document, bytes: sent });
  const { _id: id = new ObjectId(), ...fields } = document;
  return prepareDocument({ _id: id, ...fields });
}

/** A document that an update made. @throws CommandError when it is too large, too deep or has a bad `_id` */
export function prepareDocument(document: TypedDocument): PreparedDocument {
  return checked({ document, bytes: writeDocument(document) });
}

function checked(prepared: PreparedDocument): PreparedDocument {
  const { document, bytes } = prepared;
  if (bytes.length > MAX_DOCUMENT_BYTES) {
    throw new CommandError(
      'BSONObjectTooLarge',
      `object to insert too large. size in bytes: ${bytes.length}, max size: ${MAX_DOCUMENT_BYTES}`,
    );
  }
  try {
    validateBson(bytes, MAX_NESTING);
  } catch (error) {
    if (error instanceof InvalidBson) throw new CommandError('Overflow', error.message);
    throw error;
  }
  checkId(document['_id']);
  return prepared;
}

function checkId(id: unknown): void {
  if (Array.isArray(id) || id === undefined || bsonClass(id) === 'BSONRegExp') {
    throw new CommandError('BadValue', "The '_id' value cannot be of type array, undefined or regex");
  }
  if (
    isDocument(id) &&
    Object.keys(id).some((name) => name.startsWith('$') && name !== '$ref' && name !== '$id' && name !== '$db')
  ) {
    throw new CommandError('DollarPrefixedFieldName', '_id fields may not contain $-prefixed fields');
  }
}
