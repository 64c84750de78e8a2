/**
 * A MongoDB wire-protocol endpoint over LMDB for machines without MongoDB. The official drivers and mongoose use it
 * unchanged. A development and single-machine engine; production uses MongoDB.
 */
export {
  checkEmbeddedMongodb,
  type EmbeddedMongodb,
  type EmbeddedMongodbLogger,
  type EmbeddedMongodbOptions,
  startEmbeddedMongodb,
  type StoreReport,
} from './embedded-mongodb';
export { StoreDamagedError, StoreFolderInUseError, StoreFolderNotWritableError, StoreUnreadableError } from './errors';
