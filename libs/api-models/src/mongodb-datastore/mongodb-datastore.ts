import { getEvent, listEvents, listEventsOfType, storeEvent, streamEvents, traceContext } from './event';
import { claimIdempotencyKey } from './idempotency-key';
import { announceEvent, listDueEvents, publishEvent, withdrawEvent } from './pending-event';
import { announceReader, readLog, readLoggedContext, readLogPosition } from './reader';

/** The routes of mongodb-datastore: the event log (contract 5). */
export const eventLogApi = {
  storeEvent,
  listEvents,
  getEvent,
  traceContext,
  listEventsOfType,
  streamEvents,

  claimIdempotencyKey,
  announceEvent,
  listDueEvents,
  publishEvent,
  withdrawEvent,

  readLog,
  readLogPosition,
  readLoggedContext,
  announceReader,
};
