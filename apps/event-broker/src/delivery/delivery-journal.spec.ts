import { type DeliveryOutcome } from '@keptn/api-models';
import mongoose from 'mongoose';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { freshDatabase } from '../../test/broker';
import { DeliveryJournal } from './delivery-journal';
import { DeliveryRecord, deliveryRecordSchema } from './delivery-record.schema';
import { type DeliveryReport, DeliveryStore } from './delivery.store';

const report = (sequence: number, outcome: DeliveryOutcome, attemptCount: number): DeliveryReport => ({
  subscription: 'carts',
  event: {
    id: `event-${sequence}`,
    source: 'a-test',
    type: 'a.type',
    sequence,
    keptnContext: undefined,
    project: undefined,
  },
  outcome,
  attempts: [{ at: new Date(sequence).toISOString(), durationMs: 1 }],
  attemptCount,
});

it('keeps what the database could not record, for when it is back', async () => {
  const connection = mongoose.createConnection(freshDatabase(), { bufferCommands: false });
  const store = new DeliveryStore(connection.model<DeliveryRecord>(DeliveryRecord.name, deliveryRecordSchema));
  const journal = new DeliveryJournal(store, pino({ enabled: false }));
  journal.add(report(1, 'retrying', 1));
  journal.add(report(2, 'retrying', 1));
  expect(await journal.flush()).toBe(false);
  journal.add(report(2, 'delivered', 2));
  await connection.asPromise();
  expect(await journal.flush()).toBe(true);
  const found = await store.search({ limit: 10 });
  expect(found.map(({ sequence, outcome }) => [sequence, outcome])).toEqual([
    [2, 'delivered'],
    [1, 'retrying'],
  ]);
  await connection.close();
});
