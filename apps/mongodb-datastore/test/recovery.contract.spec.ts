import mongoose, { type mongo } from 'mongoose';
import { afterEach, describe, expect, it } from 'vitest';
import { anEvent, Datastore, freshDatabase, idsOf } from './datastore';

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const aDatastore = async (databaseUri?: string): Promise<Datastore> => {
  const datastore = await Datastore.start({}, databaseUri);
  cleanups.push(() => datastore.stop());
  return datastore;
};

const databaseOf = async ({ databaseUri }: Datastore): Promise<mongoose.Connection> => {
  const connection = await mongoose.createConnection(databaseUri).asPromise();
  cleanups.push(() => connection.close());
  return connection;
};

const rootsOf = (datastore: Datastore, keptnContext: string) => datastore.page({ keptnContext, root: 'true' });

describe('after a crash', () => {
  it('a context whose record was not written is found again', async () => {
    const before = await aDatastore();
    const event = anEvent({ shkeptncontext: 'lost' });
    await before.store(event);
    await before.stop();
    const database = await databaseOf(before);
    await database.collection('contexts').deleteMany({});
    await database.collection('logCursors').deleteMany({});
    const after = await aDatastore(before.databaseUri);
    let roots = await rootsOf(after, 'lost');
    while (roots.events.length === 0) roots = await rootsOf(after, 'lost');
    expect(idsOf(roots)).toEqual([event.id]);
  });

  it('sending the unanswered event again is enough to find its context at once', async () => {
    const datastore = await aDatastore();
    const event = anEvent({ shkeptncontext: 'resent' });
    await datastore.store(event);
    await (await databaseOf(datastore)).collection('contexts').deleteMany({});
    await datastore.store(event);
    expect(idsOf(await rootsOf(datastore, 'resent'))).toEqual([event.id]);
  });

  it('a root that was never stored is replaced by the earliest event there is', async () => {
    const datastore = await aDatastore();
    const event = anEvent({ shkeptncontext: 'phantom', data: { project: 'p' } });
    await datastore.store(event);
    const contexts = (await databaseOf(datastore)).collection<{ _id: string }>('contexts');
    const phantom = { position: '0', sequence: 999_999, project: 'p', type: 't', source: 's', id: 'x' };
    await contexts.updateOne({ _id: 'phantom' }, { $set: { root: { ...phantom, shkeptncontext: 'phantom' } } });
    await contexts.insertOne({ _id: 'empty', root: { ...phantom, shkeptncontext: 'empty' } } as never);
    expect(idsOf(await rootsOf(datastore, 'phantom'))).toEqual([event.id]);
    expect(await rootsOf(datastore, 'empty')).toMatchObject({ events: [], totalCount: 0 });
  });

  it('the deletion of a project is brought to its end', async () => {
    const before = await aDatastore();
    await before.store(anEvent({ data: { project: 'half' }, shkeptncontext: 'half-context' }));
    await before.stop();
    const projects = (await databaseOf(before)).collection<{ _id: string }>('projects');
    await projects.insertOne({ _id: 'half', state: 'deleted', generation: 1, isPurging: true } as never);
    const after = await aDatastore(before.databaseUri);
    while ((await after.page({ project: 'half' })).totalCount > 0);
    while ((await rootsOf(after, 'half-context')).totalCount > 0);
    expect(await after.post(anEvent({ data: { project: 'half' } }))).toMatchObject({ status: 404 });
  });

  it('a counter that was lost gives no number twice', async () => {
    const before = await aDatastore();
    const first = await before.store(anEvent());
    await before.stop();
    await (await databaseOf(before)).collection('counters').deleteMany({});
    const after = await aDatastore(before.databaseUri);
    const second = await after.store(anEvent());
    expect(second.sequence).toBeGreaterThan(first.sequence);
    await (await databaseOf(after)).collection('counters').deleteMany({});
    const third = await after.store(anEvent());
    expect(third.sequence).toBeGreaterThan(second.sequence);
  });
});

describe('an event that comes again', () => {
  it('is answered for by what the loss of a member of a replica set cannot undo', async () => {
    const datastore = await aDatastore(`${freshDatabase()}?monitorCommands=true`);
    const commands: string[] = [];
    const connection = mongoose.connections.find(({ name }) => datastore.databaseUri.includes(`/${name}?`));
    connection?.getClient().on('commandStarted', ({ commandName, command }: mongo.CommandStartedEvent) => {
      const { level = '' } = (command['readConcern'] ?? {}) as { level?: string };
      if (command[commandName] === 'events') commands.push(`${commandName} ${level}`.trim());
    });
    const event = anEvent();
    const first = await datastore.store(event);
    commands.length = 0;
    expect(await datastore.post(event)).toMatchObject({ json: first });
    // A refused insert is acknowledged once a majority has what was there before.
    expect(commands.splice(0)).toEqual(['insert', 'find']);
    expect(await datastore.post(event)).toMatchObject({ json: first });
    expect(commands).toEqual(['find majority']);
  });
});

describe('without its database', () => {
  it('the service starts, says so, and answers 503', async () => {
    const database = 'mongodb://127.0.0.1:1/nowhere?serverSelectionTimeoutMS=100';
    const datastore = await Datastore.start({}, database, 503);
    cleanups.push(() => datastore.stop());
    for (const path of ['/ready', '/event', '/event/x', '/event/stream', '/event?wait=1s']) {
      expect(await datastore.get(path)).toMatchObject({ status: 503, json: { code: 503 } });
    }
    expect(await datastore.post(anEvent())).toMatchObject({ status: 503 });
  });
});
