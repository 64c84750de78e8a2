import { ObjectId } from 'bson';
import { bsonClass, copyValue, isDocument, type TypedDocument } from '../bson/document';
import { CommandError } from '../errors';
import { isOperatorDocument } from '../filter/filter';
import { fieldAtPath, splitPath } from '../bson/path';
import { setAtPath } from './paths';
import { isOperatorUpdate, type Update } from './update-document';

/** The document that an upsert inserts: what the filter says must be equal, then the update. */
export function documentToUpsert(filter: TypedDocument, update: unknown, apply: Update): TypedDocument {
  const start: TypedDocument = {};
  const isReplacement = !isOperatorUpdate(update);
  for (const [path, value] of equalities(filter)) {
    if (isReplacement && path !== '_id') continue;
    const parts = splitPath(path);
    if (fieldAtPath(start, parts) !== undefined) {
      throw new CommandError(
        'NotSingleValueField',
        `cannot infer query fields to set, path '${path}' is matched twice`,
      );
    }
    setAtPath(start, parts, copyValue(value));
  }
  const { _id: id = new ObjectId(), ...fields } = apply(start, 'insert');
  return { _id: id, ...fields };
}

function equalities(filter: TypedDocument): readonly (readonly [path: string, value: unknown])[] {
  return Object.entries(filter).flatMap(([name, value]) => {
    if (name === '$and' || (name === '$or' && Array.isArray(value) && value.length === 1)) {
      return (value as unknown[]).filter(isDocument).flatMap((part) => equalities(part));
    }
    if (name.startsWith('$')) return [];
    if (bsonClass(value) === 'BSONRegExp') return [];
    if (!isOperatorDocument(value)) return [[name, value] as const];
    if ('$eq' in value) return [[name, value['$eq']] as const];
    const members = value['$in'];
    return Array.isArray(members) && members.length === 1 ? [[name, members[0] as unknown] as const] : [];
  });
}
