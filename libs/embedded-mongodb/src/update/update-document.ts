import { aggregate } from 'mingo';
import { type Document } from 'bson';
import {
  copyValue,
  isDocument,
  promote,
  promoteValue,
  readTyped,
  type TypedDocument,
  writeDocument,
} from '../bson/document';
import { equalValues } from '../bson/compare';
import { CommandError, notSupported } from '../errors';
import { refuseScripts, withMongoErrors } from '../filter/expressions';
import { parseFilter } from '../filter/filter';
import { compileFilter } from '../filter/matcher';
import { splitPath } from '../bson/path';
import { type FieldChange, OPERATORS } from './operators';
import { concretePaths, type ElementTest, type Positions } from './paths';

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

const PIPELINE_STAGES = new Set(['$addFields', '$set', '$project', '$unset', '$replaceRoot', '$replaceWith']);

/**
 * Makes the function for an update: operators, a replacement, or a pipeline.
 *
 * @param filter the filter of the update, to which `$` refers
 * @throws CommandError for what MongoDB refuses
 */
export function compileUpdate(update: unknown, filter: TypedDocument, arrayFilters: readonly unknown[]): Update {
  if (Array.isArray(update)) return pipelineUpdate(update.filter(isDocument));
  if (!isDocument(update)) throw new CommandError('FailedToParse', 'an update has to be a document or a pipeline');
  if (!isOperatorUpdate(update)) return replacement(update);
  const changes = parseChanges(update);
  refuseConflicts(changes);
  const positions: Positions = { filter, arrayFilters: parseArrayFilters(arrayFilters) };
  return (document, occasion) => {
    for (const { parts, change, onlyOnInsert } of changes) {
      if (onlyOnInsert && occasion !== 'insert') continue;
      for (const path of concretePaths(document, parts, positions)) change(document, path);
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
    const compile = OPERATORS[operator];
    if (compile === undefined) throw new CommandError('FailedToParse', `Unknown modifier: ${operator}`);
    if (!isDocument(operands)) {
      throw new CommandError('FailedToParse', `Modifiers operate on fields but we found another type for ${operator}`);
    }
    for (const [path, operand] of Object.entries(operands)) {
      if (path === '' || path.split('.').includes('')) {
        throw new CommandError('BadValue', `The update path '${path}' contains an empty field name`);
      }
      changes.push({
        path,
        parts: splitPath(path),
        change: compile(operand, path),
        onlyOnInsert: operator === '$setOnInsert',
      });
      if (operator === '$rename' && typeof operand === 'string') {
        changes.push({ path: operand, parts: splitPath(operand), change: () => undefined, onlyOnInsert: false });
      }
    }
  }
  // MongoDB 5 and later go through the fields in the order of their names.
  return changes.sort((a, b) => byFieldName.compare(a.path, b.path));
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

function parseArrayFilters(filters: readonly unknown[]): ReadonlyMap<string, ElementTest> {
  const tests = new Map<string, ElementTest>();
  for (const filter of filters) {
    if (!isDocument(filter)) throw new CommandError('TypeMismatch', 'arrayFilters has to hold documents');
    const identifier = identifierOf(filter);
    if (tests.has(identifier)) {
      throw new CommandError(
        'FailedToParse',
        `Found multiple array filters with the same top-level field name ${identifier}`,
      );
    }
    const matches = compileFilter(parseFilter(filter));
    tests.set(identifier, (element) => matches({ [identifier]: element }));
  }
  return tests;
}

function identifierOf(filter: TypedDocument): string {
  const [name, operand] = Object.entries(filter)[0] ?? [''];
  if (!name.startsWith('$')) return name.split('.')[0] ?? '';
  const [first] = Array.isArray(operand) ? (operand as unknown[]) : [];
  return isDocument(first) ? identifierOf(first) : '';
}

function pipelineUpdate(stages: readonly TypedDocument[]): Update {
  const pipeline = stages.map((stage) => promoteValue(stage) as Document);
  for (const name of pipeline.flatMap((stage) => Object.keys(stage))) {
    if (!PIPELINE_STAGES.has(name)) throw notSupported(`the stage ${name} in an update`);
  }
  refuseScripts(pipeline);
  return (document) => {
    const [changed] = withMongoErrors(() => aggregate([promote(document)], pipeline, { scriptEnabled: false }));
    const kept = '_id' in document ? { _id: document['_id'], ...changed } : { ...changed };
    return restoreKinds(readTyped(writeDocument(kept)), document) as TypedDocument;
  };
}

/** Pipelines compute with plain numbers; what they left as it was gets its BSON kind back. */
function restoreKinds(changed: unknown, before: unknown): unknown {
  if (Array.isArray(changed) && Array.isArray(before)) {
    return changed.map((element, position) => restoreKinds(element, before[position]));
  }
  if (isDocument(changed) && isDocument(before)) {
    for (const name of Object.keys(changed)) changed[name] = restoreKinds(changed[name], before[name]);
    return changed;
  }
  return equalValues(changed, before) ? before : changed;
}
