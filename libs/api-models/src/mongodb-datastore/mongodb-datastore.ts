import { announceReader, readLog, readLogPosition } from './reader';

/** Routes of mongodb-datastore for those who read the whole log. */
export const eventLogApi = { readLog, readLogPosition, announceReader };
