import { type Document } from 'bson';
import { asBoolean, asNumber, isDocument, type TypedDocument, writeDocument } from '../bson/document';
import { equalValues } from '../bson/compare';
import { CommandError, notSupported } from '../errors';
import { parseFilter } from '../filter/filter';
import { type IndexSpecification } from '../storage/catalog';
import { type Collection } from '../storage/collection';
import { type IndexDefinition, keyPattern, type KeyComponent } from '../keys/index-definition';
import { splitPath } from '../bson/path';
import { collectionName, type CommandHandler, findCollection } from './command';
import { cursorBatchSize, DocumentBatches, firstBatch } from './cursor-reply';

/** Options that change nothing here: building never blocks, and hidden indexes would only be slower. */
const HARMLESS_OPTIONS = new Set([
  'v',
  'key',
  'name',
  'ns',
  'unique',
  'sparse',
  'partialFilterExpression',
  'background',
  'comment',
]);

/** `createIndexes`: answers when the indexes hold all documents. */
export const createIndexes: CommandHandler = async (engine, command) => {
  const { store } = engine;
  const given = command.body['indexes'];
  const specifications = (Array.isArray(given) ? given : []).map(parseSpecification);
  if (specifications.length === 0) throw new CommandError('BadValue', 'Must specify at least one index to create');
  const name = collectionName(command);
  let numIndexesBefore = 0;
  let createdCollectionAutomatically = false;
  const unfinished: number[] = [];
  const collection = await store.write(() => {
    createdCollectionAutomatically = store.catalog.find(command.database, name) === undefined;
    const target = store.catalog.ensure(command.database, name);
    numIndexesBefore = target.indexes.length;
    const known = specifications.map((specification) => existing(target, specification));
    for (const [position, specification] of specifications.entries()) {
      const index = known[position] ?? store.catalog.addIndex(target, specification, false);
      if (!index.ready) unfinished.push(index.id);
    }
    return target;
  });
  await engine.indexBuilds.finish(collection, unfinished);
  return { numIndexesBefore, numIndexesAfter: collection.indexes.length, createdCollectionAutomatically };
};

function parseSpecification(given: unknown): IndexSpecification {
  if (!isDocument(given) || !isDocument(given['key'])) throw new CommandError('FailedToParse', 'an index needs a key');
  const foreign = Object.entries(given).find(([option, value]) => !HARMLESS_OPTIONS.has(option) && value !== false);
  if (foreign !== undefined) throw notSupported(`the index option ${foreign[0]}`);
  const components = Object.entries(given['key']).map(parseComponent);
  if (components.length === 0) throw new CommandError('CannotCreateIndex', 'Index keys cannot be empty.');
  const partialFilter = given['partialFilterExpression'];
  if (partialFilter !== undefined) parseFilter(isDocument(partialFilter) ? partialFilter : {});
  const isUnique = asBoolean(given['unique']);
  const isSparse = asBoolean(given['sparse']);
  return {
    name: typeof given['name'] === 'string' ? given['name'] : defaultName(components),
    components,
    unique: isUnique,
    sparse: isSparse,
    partialFilter: isDocument(partialFilter) ? partialFilter : undefined,
    options: {
      ...(isUnique ? { unique: true } : {}),
      ...(isSparse ? { sparse: true } : {}),
      ...('background' in given ? { background: given['background'] } : {}),
    },
  };
}

function parseComponent([path, given]: [string, unknown]): KeyComponent {
  if (typeof given === 'string') throw notSupported(`an index of type ${given}`);
  if (path.includes('$**')) throw notSupported('a wildcard index');
  const direction = asNumber(given);
  if (direction === undefined || direction === 0 || path === '') {
    throw new CommandError(
      'CannotCreateIndex',
      `Values in an index key pattern have to be numbers other than 0: ${path}`,
    );
  }
  return { path, parts: splitPath(path), direction: direction > 0 ? 1 : -1 };
}

function defaultName(components: readonly KeyComponent[]): string {
  return components.map(({ path, direction }) => `${path}_${direction}`).join('_');
}

/** The same index, if it is there. @throws CommandError when a different one is in the way */
function existing(collection: Collection, wanted: IndexSpecification): IndexDefinition | undefined {
  const pattern = JSON.stringify(keyPattern(wanted.components));
  for (const index of collection.indexes) {
    const isSameKey = JSON.stringify(keyPattern(index.components)) === pattern;
    if (isSameKey && index.name === '_id_') return index;
    const isSame =
      isSameKey &&
      index.unique === wanted.unique &&
      index.sparse === wanted.sparse &&
      equalValues(index.partialFilter, wanted.partialFilter);
    if (isSame && index.name === wanted.name) return index;
    if (isSame) {
      throw new CommandError('IndexOptionsConflict', `Index already exists with a different name: ${index.name}`);
    }
    if (index.name === wanted.name) {
      throw new CommandError(
        'IndexKeySpecsConflict',
        `An existing index has the same name as the requested index: ${wanted.name}, but another key or other options`,
      );
    }
    if (isSameKey && equalValues(index.partialFilter, wanted.partialFilter)) {
      throw new CommandError(
        'IndexOptionsConflict',
        `Index with the same key but other options already exists: ${index.name}`,
      );
    }
  }
  return undefined;
}

/** `listIndexes`. */
export const listIndexes: CommandHandler = (engine, command) => {
  const collection = findCollection(engine, command);
  const ns = `${command.database}.${collectionName(command)}`;
  if (collection === undefined) throw new CommandError('NamespaceNotFound', `ns does not exist: ${ns}`);
  const documents = collection.indexes.map((index) => writeDocument(describe(index)));
  return firstBatch(engine.cursors, new DocumentBatches(ns, documents), cursorBatchSize(command.body), false);
};

function describe(index: IndexDefinition): Document {
  const partial = index.partialFilter === undefined ? {} : { partialFilterExpression: index.partialFilter };
  return { v: 2, key: keyPattern(index.components), name: index.name, ...index.options, ...partial };
}

/** `dropIndexes`. */
export const dropIndexes: CommandHandler = async (engine, command) => {
  const { store } = engine;
  const nIndexesWas = await store.write(() => {
    const collection = findCollection(engine, command);
    if (collection === undefined) throw new CommandError('NamespaceNotFound', 'ns not found');
    const before = collection.indexes.length;
    for (const index of chosenIndexes(collection, command.body['index'])) {
      store.catalog.removeIndex(collection, index);
      store.sweeper.discardIndex(index);
    }
    return before;
  });
  store.sweeper.start();
  return { nIndexesWas };
};

function chosenIndexes(collection: Collection, choice: unknown): readonly IndexDefinition[] {
  if (choice === '*') return collection.indexes.slice(1);
  if (Array.isArray(choice)) return choice.flatMap((one: unknown) => chosenIndexes(collection, one));
  const pattern = isDocument(choice) ? patternText(choice) : undefined;
  const index = collection.indexes.find(
    ({ name, components }) => name === choice || JSON.stringify(keyPattern(components)) === pattern,
  );
  if (index === undefined) throw new CommandError('IndexNotFound', `index not found with name [${String(choice)}]`);
  if (index.name === '_id_') throw new CommandError('InvalidOptions', 'cannot drop _id index');
  return [index];
}

function patternText(pattern: TypedDocument): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(pattern).map(([path, direction]) => [path, asNumber(direction)])),
  );
}
