/** How a service of the control plane is connected to MongoDB. */
export { describeDatabaseError, isUnreachable } from './database-error';
export { driverCollection } from './driver-collection';
export { MongodbConnectionModule } from './mongodb-connection.module';
export { mongodbSettings, replicaSettings } from './settings';
export { isDuplicateKey, upserted } from './duplicate-key';
export { writeInGroups } from './write-in-groups';
