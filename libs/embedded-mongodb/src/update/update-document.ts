import { copyValue, isDocument, type TypedDocument } from '../bson/document';
import { splitPath } from '../bson/path';
import { CommandError, notSupported } from '../errors';
import { type FieldChange, OPERATORS } from './operators';

/** Whether a document is changed or made by an upsert. */
export type Occasion = 'update' | 'insert';

/** Gives the new document for an old one, which it may change. */
export type Update = (document: TypedDocument, occasion: Occasion) => TypedDocument;

interface PathChange {
  readonly path: string;
  readonly parts: readonly string[];
  readonly change: FieldChange;
  readonly onlyOnInsert: boolean;
}

/**
 * Makes the function for an update: operators, or a replacement.
 *
 * @throws CommandError for what MongoDB refuses and what is missing here
 */
export function compileUpdate(update: unknown): Update {
  if (Array.isArray(update)) throw notSupported('an update by a pipeline');
  if (!isDocument(update)) throw new CommandError('FailedToParse', 'an update has to be a document');
  if (!isOperatorUpdate(update)) return replacement(update);
  const changes = parseChanges(update);
  refuseConflicts(changes);
  return (document, occasion) => {
    for (const { parts, change, onlyOnInsert } of changes) {
      if (!onlyOnInsert || occasion === 'insert') change(document, parts);
    }
    return document;
  };
}

/** True for `{$set: ...}` as opposed to a whole new document. */
export function isOperatorUpdate(update: unknown): boolean {
  return isDocument(update) && Object.keys(update)[0]?.startsWith('$') === true;
}

function replacement(update: TypedDocument): Update {
  return (document) => {
    const copy = copyValue(update);
    const id = document['_id'];
    if (id === undefined) return copy;
    const { _id: given = id, ...fields } = copy;
    return { _id: given, ...fields };
  };
}

const byFieldName = new Intl.Collator('en', { numeric: true });

function parseChanges(update: TypedDocument): readonly PathChange[] {
  const changes: PathChange[] = [];
  for (const [operator, operands] of Object.entries(update)) {
    const compile = OPERATORS.get(operator);
    if (compile === undefined) throw notSupported(`the update operator ${operator}`);
    if (!isDocument(operands)) {
      throw new CommandError('FailedToParse', `Modifiers operate on fields but we found another type for ${operator}`);
    }
    for (const [path, operand] of Object.entries(operands)) {
      const parts = fieldParts(path);
      changes.push({ path, parts, change: compile(operand, path), onlyOnInsert: operator === '$setOnInsert' });
    }
  }
  // MongoDB 5 and later go through the fields in the order of their names.
  return changes.sort((a, b) => byFieldName.compare(a.path, b.path));
}

function fieldParts(path: string): readonly string[] {
  const parts = splitPath(path);
  if (parts.includes('')) {
    throw new CommandError('BadValue', `The update path '${path}' contains an empty field name`);
  }
  const position = parts.find((part) => part.startsWith('$'));
  if (position !== undefined) throw notSupported(`${position} in the update path '${path}'`);
  return parts;
}

function refuseConflicts(changes: readonly PathChange[]): void {
  const paths = changes.map(({ path }) => path).sort();
  for (const [position, path] of paths.entries()) {
    const next = paths.slice(position + 1).find((other) => other === path || other.startsWith(`${path}.`));
    if (next !== undefined) {
      throw new CommandError(
        'ConflictingUpdateOperators',
        `Updating the path '${next}' would create a conflict at '${path}'`,
      );
    }
  }
}
