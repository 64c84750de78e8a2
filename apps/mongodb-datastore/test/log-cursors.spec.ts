import { readSettings } from '@keptn/service-kit';
import mongoose, { type Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LogCursor, logCursorSchema } from '../src/log/log-cursor.schema';
import { LogCursors } from '../src/log/log-cursors';
import { mongodbDatastoreSettings } from '../src/settings';
import { freshDatabase, TOKEN } from './datastore';

describe('the lease of a reader of the log', () => {
  const uri = freshDatabase();
  let connection: Connection;
  beforeAll(async () => {
    connection = await mongoose.createConnection(uri).asPromise();
  });
  afterAll(async () => {
    await connection.dropDatabase();
    await connection.close();
  });

  /** Those of one replica. */
  const cursors = (environment: Readonly<Record<string, string>> = {}): LogCursors =>
    new LogCursors(
      connection.model<LogCursor>(LogCursor.name, logCursorSchema),
      readSettings(mongodbDatastoreSettings, { MONGODB_URI: uri, KEPTN_API_TOKEN: TOKEN, ...environment }),
    );

  it('is had by one replica, which another waits for although it may be gone', async () => {
    const one = cursors();
    await one.lease('a');
    await one.advance('a', 7);
    expect(await cursors().lease('a')).toBeUndefined();
    await one.release('a');
    expect(await cursors().lease('a')).toBe(7);
  });

  it('is had at once, with the position, by the only one', async () => {
    const gone = cursors();
    await gone.lease('b');
    await gone.advance('b', 9);
    expect(await cursors({ ONLY_REPLICA: 'true' }).lease('b')).toBe(9);
    expect(await gone.advance('b', 10)).toBe(false);
  });
});
