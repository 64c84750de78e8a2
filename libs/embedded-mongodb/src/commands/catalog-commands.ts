import { type Document } from 'bson';
import { asBoolean, type TypedDocument, writeDocument } from '../bson/document';
import { CommandError } from '../errors';
import { parseFilter } from '../filter/filter';
import { compileFilter } from '../filter/matcher';
import { type Collection } from '../storage/collection';
import {
  collectionName,
  type CommandHandler,
  documentArgument,
  type Engine,
  findCollection,
  refuseOptions,
} from './command';
import { cursorBatchSize, DocumentBatches, firstBatch } from './cursor-reply';

/** `create`. */
export const create: CommandHandler = async (engine, command) => {
  refuseOptions(
    command.body,
    'capped',
    'timeseries',
    'collation',
    'validator',
    'viewOn',
    'clusteredIndex',
    'expireAfterSeconds',
    'encryptedFields',
  );
  const name = collectionName(command);
  await engine.store.write(() => {
    if (engine.store.catalog.find(command.database, name) !== undefined) {
      throw new CommandError('NamespaceExists', `Collection ${command.database}.${name} already exists.`);
    }
    engine.store.catalog.ensure(command.database, name);
  });
  return {};
};

/** `drop`. */
export const drop: CommandHandler = async (engine, command) => {
  const ns = `${command.database}.${collectionName(command)}`;
  const [dropped] = await dropCollections(engine, () => [findCollection(engine, command) ?? []].flat());
  return dropped === undefined ? { ns } : { nIndexesWas: dropped.indexes.length, ns };
};

/** `dropDatabase`. */
export const dropDatabase: CommandHandler = async (engine, command) => {
  await dropCollections(engine, () => engine.store.catalog.inDatabase(command.database));
  return { dropped: command.database };
};

/** @param choose looks for the collections, within the write */
async function dropCollections({ store }: Engine, choose: () => readonly Collection[]): Promise<readonly Collection[]> {
  const dropped = await store.write(() => {
    const collections = choose();
    for (const collection of collections) {
      store.catalog.remove(collection);
      store.sweeper.discardCollection(collection);
    }
    return collections;
  });
  store.sweeper.start();
  return dropped;
}

/** `listCollections`. */
export const listCollections: CommandHandler = (engine, command) => {
  const nameOnly = asBoolean(command.body['nameOnly']);
  const matches = compileFilter(parseFilter(documentArgument(command.body, 'filter')));
  const documents = engine.store.catalog
    .inDatabase(command.database)
    .map((collection): TypedDocument => ({
      name: collection.name,
      type: 'collection',
      ...(nameOnly ? {} : details(collection)),
    }))
    .filter(matches)
    .map(writeDocument);
  const source = new DocumentBatches(`${command.database}.$cmd.listCollections`, documents);
  return firstBatch(engine.cursors, source, cursorBatchSize(command.body), false);
};

function details(collection: Collection): Document {
  return { options: collection.options, info: { readOnly: false }, idIndex: { v: 2, key: { _id: 1 }, name: '_id_' } };
}

/** `listDatabases`. */
export const listDatabases: CommandHandler = (engine, command) => {
  const names = [...new Set(engine.store.catalog.all().map(({ database }) => database))].sort();
  const matches = compileFilter(parseFilter(documentArgument(command.body, 'filter')));
  const databases = names
    .filter((name) => matches({ name }))
    .map((name) => (asBoolean(command.body['nameOnly']) ? { name } : { name, sizeOnDisk: 0, empty: false }));
  return { databases, totalSize: 0 };
};

/** `dbStats`. */
export const dbStats: CommandHandler = (engine, command) => {
  const collections = engine.store.catalog.inDatabase(command.database);
  const objects = collections.reduce((sum, collection) => sum + collection.count(), 0);
  const indexes = collections.reduce((sum, collection) => sum + collection.indexes.length, 0);
  return { db: command.database, collections: collections.length, views: 0, objects, indexes };
};

/** `collStats`. */
export const collStats: CommandHandler = (engine, command) => {
  const collection = findCollection(engine, command);
  const ns = `${command.database}.${collectionName(command)}`;
  return { ns, count: collection?.count() ?? 0, nindexes: collection?.indexes.length ?? 0, capped: false };
};
