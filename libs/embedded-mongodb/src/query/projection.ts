import { asBoolean, fieldOf, fieldsOf, isDocument, setOwn, type TypedDocument } from '../bson/document';
import { CommandError, notSupported } from '../errors';

/** Shapes a document. */
export type Projection = (document: TypedDocument) => TypedDocument;

/** What happens to a field: `true` keeps or drops it as a whole, a tree goes on below it. */
type FieldTree = Map<string, FieldTree | true>;

/**
 * Makes the function for a find projection; undefined when it changes nothing.
 *
 * @throws CommandError for what MongoDB refuses and what is missing here
 */
export function compileProjection(specification: TypedDocument): Projection | undefined {
  const entries = Object.entries(specification);
  if (entries.length === 0) return undefined;
  refuseComputed(entries);
  const { _id: id = true, ...others } = specification;
  const paths = Object.keys(others);
  const switches = Object.values(others).map(asBoolean);
  const isInclusion = switches[0] ?? asBoolean(id);
  if (switches.some((isOn) => isOn !== isInclusion)) {
    throw new CommandError('BadValue', 'Cannot do inclusion and exclusion in one projection');
  }
  if (asBoolean(id) === isInclusion) paths.push('_id');
  const tree = treeOf(paths);
  const shape = isInclusion ? include : exclude;
  return (document) => shape(document, tree) as TypedDocument;
}

function refuseComputed(entries: readonly (readonly [path: string, value: unknown])[]): void {
  for (const [path, value] of entries) {
    if (path.includes('$')) throw notSupported(`the positional projection ${path}`);
    const operator = isDocument(value) ? Object.keys(value)[0] : value;
    if (typeof operator === 'string') throw notSupported(`${operator} in the projection of ${path}`);
  }
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
