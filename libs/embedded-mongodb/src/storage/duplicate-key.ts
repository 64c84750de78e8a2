import { EJSON } from 'bson';
import { bsonClass } from '../bson/document';
import { CommandError } from '../errors';
import { type IndexDefinition, keyPattern } from '../keys/index-definition';

/** The error of a unique index, with the fields that drivers and mongoose read from it. */
export function duplicateKey(
  namespace: string,
  index: IndexDefinition,
  valueAt: (parts: readonly string[]) => unknown,
): CommandError {
  const keyValue = Object.fromEntries(index.components.map(({ path, parts }) => [path, valueAt(parts) ?? null]));
  const shown = Object.entries(keyValue).map(([path, value]) => `${path}: ${showValue(value)}`);
  return new CommandError(
    'DuplicateKey',
    `E11000 duplicate key error collection: ${namespace} index: ${index.name} dup key: { ${shown.join(', ')} }`,
    { keyPattern: keyPattern(index.components), keyValue },
  );
}

function showValue(value: unknown): string {
  if (bsonClass(value) === 'ObjectId') return `ObjectId('${String(value)}')`;
  return EJSON.stringify(value, { relaxed: true });
}
