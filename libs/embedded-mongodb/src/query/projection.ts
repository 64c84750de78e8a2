import { aggregate } from 'mingo';
import {
  asBoolean,
  asNumber,
  fieldOf,
  fieldsOf,
  isDocument,
  promote,
  promoteValue,
  type TypedDocument,
} from '../bson/document';
import { CommandError, notSupported } from '../errors';
import { refuseScripts, withMongoErrors } from '../filter/expressions';
import { isOperatorDocument, parseFilter } from '../filter/filter';
import { compileFilter, type Matcher } from '../filter/matcher';

/** Shapes a document. */
export type Projection = (document: TypedDocument) => TypedDocument;

/** What happens to a field: `true` keeps or drops it as a whole, a tree goes on below it. */
type FieldTree = Map<string, FieldTree | true>;

type ArrayShape = (values: readonly unknown[]) => unknown;

/**
 * Makes the function for a find projection; undefined when it changes nothing.
 *
 * @throws CommandError for what MongoDB refuses and what is missing here
 */
export function compileProjection(specification: TypedDocument, filter: TypedDocument): Projection | undefined {
  const entries = Object.entries(specification);
  if (entries.length === 0) return undefined;
  if (entries.some(([, value]) => isComputed(value))) return computedProjection(specification);
  const arrays = entries.filter(([, value]) => isOperatorDocument(value));
  const plain = entries.filter(([path, value]) => path !== '_id' && !isOperatorDocument(value));
  const positional = plain.find(([path]) => path.endsWith('.$'));
  const isInclusion =
    plain.length > 0 ? asBoolean(plain[0]?.[1]) : arrays.some(([, value]) => '$elemMatch' in (value as object));
  if (plain.some(([, value]) => asBoolean(value) !== isInclusion)) {
    throw new CommandError('BadValue', 'Cannot do inclusion and exclusion in one projection');
  }
  const idIsWanted = specification['_id'] === undefined || asBoolean(specification['_id']);
  const onlyId = plain.length === 0 && arrays.length === 0;
  const paths = plain.map(([path]) => path.replace(/\.\$$/, ''));
  const shapes = arrays.map(([path, value]) => ({ path, shape: arrayShape(value as TypedDocument) }));
  if (positional !== undefined)
    shapes.push({ path: positional[0].slice(0, -2), shape: positionalShape(positional[0], filter) });
  if (isInclusion || (onlyId && idIsWanted)) {
    const tree = treeOf([...paths, ...arrays.map(([path]) => path), ...(idIsWanted ? ['_id'] : [])]);
    return (document) => reshape(include(document, tree) as TypedDocument, shapes);
  }
  const tree = treeOf([...paths, ...(idIsWanted ? [] : ['_id'])]);
  return (document) => reshape(exclude(document, tree) as TypedDocument, shapes);
}

/** A value that an aggregation expression computes. */
function isComputed(value: unknown): boolean {
  if (typeof value === 'string') return true;
  if (isDocument(value) && '$meta' in value) throw notSupported('$meta in a projection');
  if (!isDocument(value)) return false;
  return !('$slice' in value && !isExpressionSlice(value['$slice'])) && !('$elemMatch' in value);
}

/** `$slice: [<expression>, n]` as opposed to `$slice: n` and `$slice: [skip, n]`. */
function isExpressionSlice(operand: unknown): boolean {
  return Array.isArray(operand) && asNumber(operand[0]) === undefined;
}

function computedProjection(specification: TypedDocument): Projection {
  const plain = promoteValue(specification) as Record<string, unknown>;
  refuseScripts(plain);
  return (document) =>
    withMongoErrors(() => aggregate([promote(document)], [{ $project: plain }], { scriptEnabled: false }))[0] ?? {};
}

function treeOf(paths: readonly string[]): FieldTree {
  const root: FieldTree = new Map();
  for (const path of paths) {
    const parts = path.split('.');
    const last = parts.pop() ?? '';
    let node = root;
    for (const part of parts) {
      const next: FieldTree | true = node.get(part) ?? new Map<string, FieldTree | true>();
      if (next === true) throw collision(path);
      node.set(part, next);
      node = next;
    }
    const known = node.get(last);
    if (known !== undefined && known !== true) throw collision(path);
    node.set(last, true);
  }
  return root;
}

function collision(path: string): CommandError {
  return new CommandError('BadValue', `Path collision at ${path}`);
}

function include(value: unknown, tree: FieldTree): unknown {
  if (Array.isArray(value)) {
    return value
      .filter((element) => isDocument(element) || Array.isArray(element))
      .map((element) => include(element, tree));
  }
  if (!isDocument(value)) return undefined;
  const kept: TypedDocument = {};
  for (const name of Object.keys(fieldsOf(value))) {
    const below = tree.get(name);
    if (below === undefined) continue;
    const field = fieldOf(value, name);
    const shaped = below === true ? field : include(field, below);
    if (shaped !== undefined) setOwn(kept, name, shaped);
  }
  return kept;
}

function exclude(value: unknown, tree: FieldTree): unknown {
  if (Array.isArray(value)) return value.map((element) => exclude(element, tree));
  if (!isDocument(value)) return value;
  const kept: TypedDocument = {};
  for (const name of Object.keys(fieldsOf(value))) {
    const below = tree.get(name);
    if (below === true) continue;
    const field = fieldOf(value, name);
    setOwn(kept, name, below === undefined ? field : exclude(field, below));
  }
  return kept;
}

/** Sets a field under any name, `__proto__` too. */
export function setOwn(document: TypedDocument, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(document, name, { value, writable: true, enumerable: true, configurable: true });
  } else {
    document[name] = value;
  }
}

function arrayShape(operator: TypedDocument): ArrayShape {
  if ('$elemMatch' in operator) {
    const matches = elementMatcher(operator['$elemMatch']);
    return (values) => firstMatching(values, matches);
  }
  const operand = operator['$slice'];
  const [first, second] = Array.isArray(operand) ? operand.map(asNumber) : [asNumber(operand)];
  if (first === undefined) throw new CommandError('BadValue', '$slice needs numbers');
  if (second === undefined) return (values) => (first < 0 ? values.slice(first) : values.slice(0, first));
  return (values) => {
    const start = first < 0 ? Math.max(0, values.length + first) : first;
    return values.slice(start, start + second);
  };
}

function elementMatcher(condition: unknown): (element: unknown) => boolean {
  const matches = compileFilter(parseFilter({ elements: { $elemMatch: condition } }));
  return (element) => matches({ elements: [element] });
}

function firstMatching(values: readonly unknown[], matches: (element: unknown) => boolean): unknown {
  const index = values.findIndex(matches);
  return index < 0 ? undefined : [values[index]];
}

/** `path.$` keeps the first element that the filter asks for. */
function positionalShape(path: string, filter: TypedDocument): ArrayShape {
  const matches = positionalMatcher(path.slice(0, -2), filter);
  return (values) => firstMatching(values, matches);
}

/** Tests single elements of an array against the conditions that a filter has for the array. */
export function positionalMatcher(arrayPath: string, filter: TypedDocument): (element: unknown) => boolean {
  const matchers: Matcher[] = [];
  for (const [path, condition] of Object.entries(filter)) {
    if (path === arrayPath || path.startsWith(`${arrayPath}.`)) {
      matchers.push(compileFilter(parseFilter({ [`element${path.slice(arrayPath.length)}`]: condition })));
    } else if (path === '$and' && Array.isArray(condition)) {
      for (const part of condition.filter(isDocument)) {
        const matches = positionalMatcher(arrayPath, part);
        matchers.push((document) => matches((document['element'] as unknown[])[0]));
      }
    }
  }
  return (element) => matchers.every((matches) => matches({ element: [element] }));
}

function reshape(
  document: TypedDocument,
  shapes: readonly { readonly path: string; readonly shape: ArrayShape }[],
): TypedDocument {
  for (const { path, shape } of shapes) {
    const parts = path.split('.');
    const last = parts.pop() ?? '';
    let parent: unknown = document;
    for (const part of parts) parent = isDocument(parent) ? fieldOf(parent, part) : undefined;
    if (!isDocument(parent)) continue;
    const values = fieldOf(parent, last);
    if (!Array.isArray(values)) continue;
    const shaped = shape(values);
    if (shaped === undefined) Reflect.deleteProperty(parent, last);
    else setOwn(parent, last, shaped);
  }
  return document;
}
