import { readSettings } from '@keptn/service-kit';
import mongoose, { type Connection, type Model } from 'mongoose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONTEXTS_READER } from '../src/contexts/context-follower';
import { ContextRecord, contextSchema } from '../src/contexts/context.schema';
import { ContextStore } from '../src/contexts/context-store';
import { EventCounts } from '../src/log/event-counts';
import { EventRemoval } from '../src/log/event-removal';
import { EventStore } from '../src/log/event-store';
import { EventRecord, eventSchema } from '../src/log/event.schema';
import { LogCursor, logCursorSchema } from '../src/log/log-cursor.schema';
import { LogCursors } from '../src/log/log-cursors';
import { type Instant, positionOf } from '../src/log/position';
import { OwnNumbers } from '../src/log/own-numbers';
import { RemovalMark, removalMarkSchema } from '../src/log/removal-mark.schema';
import { StableLog } from '../src/log/stable-log';
import { Expiry } from '../src/retention/expiry';
import { mongodbDatastoreSettings } from '../src/settings';
import { freshDatabase, TOKEN } from './datastore';

const KEPT = 5;
/** So many that they are removed in three steps. */
const TOO_MANY = 1_100;

describe('retention by number', () => {
  let connection: Connection;
  let events: Model<EventRecord>;
  let expiry: Expiry;

  beforeEach(async () => {
    const uri = freshDatabase();
    connection = await mongoose.createConnection(uri).asPromise();
    events = connection.model<EventRecord>(EventRecord.name, eventSchema);
    const settings = readSettings(mongodbDatastoreSettings, {
      MONGODB_URI: uri,
      KEPTN_API_TOKEN: TOKEN,
      RETENTION_MAX_EVENTS_PER_PROJECT: String(KEPT),
    });
    const store = new EventStore(events);
    const removal = new EventRemoval(events, connection.model<RemovalMark>(RemovalMark.name, removalMarkSchema));
    const contexts = new ContextStore(connection.model<ContextRecord>(ContextRecord.name, contextSchema), events);
    const cursors = new LogCursors(connection.model<LogCursor>(LogCursor.name, logCursorSchema), settings);
    const counts = new EventCounts(store, new StableLog(store, new OwnNumbers(settings), settings), removal);
    expiry = new Expiry(store, counts, removal, contexts, cursors, settings);
    await cursors.lease(CONTEXTS_READER);
    await cursors.advance(CONTEXTS_READER, 10 * TOO_MANY);
    await add(1, TOO_MANY);
  });
  afterEach(async () => {
    await connection.dropDatabase();
    await connection.close();
  });

  /** Stores events of one project with the numbers from `first` on. */
  async function add(first: number, count: number): Promise<void> {
    const records = Array.from({ length: count }, (_, index) => {
      const sequence = first + index;
      const position = positionOf((BigInt(sequence) * 1_000_000_000n) as Instant, sequence);
      const common = { time: new Date(), source: 's', type: 't', specversion: '0.2', event: '{}' };
      return { _id: sequence, id: `e${sequence}`, position, project: 'sockshop', ...common };
    });
    await events.insertMany(records);
  }

  const sequences = async (): Promise<number[]> => {
    const found = await events.find({}, { _id: 1 }).sort({ _id: 1 }).lean();
    return found.map(({ _id }) => _id);
  };

  async function finish(steps: AsyncGenerator<number>): Promise<void> {
    for (let step = await steps.next(); step.done !== true; step = await steps.next());
  }

  const newest = Array.from({ length: KEPT }, (_, index) => TOO_MANY - KEPT + 1 + index);

  it('keeps the newest, in however many steps it removes the others', async () => {
    await finish(expiry.steps(new Date()));
    expect(await sequences()).toEqual(newest);
  });

  it('keeps them when another replica has done the work in the meantime', async () => {
    const stalled = expiry.steps(new Date());
    await stalled.next();
    await finish(expiry.steps(new Date()));
    await finish(stalled);
    expect(await sequences()).toEqual(newest);
  });

  it('keeps the events of a project that is created again in the meantime', async () => {
    const steps = expiry.steps(new Date());
    await steps.next();
    await events.deleteMany({ project: 'sockshop' });
    await add(TOO_MANY + 1, KEPT);
    await finish(steps);
    expect(await sequences()).toHaveLength(KEPT);
  });
});
