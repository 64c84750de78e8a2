/**
 * A MongoDB wire-protocol endpoint over LMDB for machines without MongoDB. The official drivers and mongoose use it
 * unchanged. A development and single-machine engine; production uses MongoDB.
 */
export {
  type EmbeddedMongodb,
  type EmbeddedMongodbLogger,
  type EmbeddedMongodbOptions,
  startEmbeddedMongodb,
} from './embedded-mongodb';
export { StoreFolderInUseError, StoreFolderNotWritableError, StoreUnreadableError } from './errors';
