import mongoose, { type mongo } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { anEvent, Datastore, freshDatabase, idsOf } from './datastore';

const databaseUri = `${freshDatabase()}?monitorCommands=true`;
const written: string[] = [];
let datastore: Datastore;
let other: Datastore;

beforeAll(async () => {
  datastore = await Datastore.start({}, databaseUri);
  const connection = mongoose.connections.find(({ name }) => databaseUri.includes(`/${name}?`));
  connection?.getClient().on('commandStarted', ({ commandName, command }: mongo.CommandStartedEvent) => {
    if (command['update'] === 'contexts') written.push(commandName);
  });
  other = await Datastore.start({}, databaseUri.replace(/\?.*/, ''));
});

afterAll(async () => {
  await other.stop();
  await datastore.close();
});

const rootsOf = async (keptnContext: string) => idsOf(await datastore.page({ keptnContext, root: 'true' }));
const at = (second: number) => `2025-01-01T00:00:${String(second).padStart(2, '0')}Z`;

describe('the root of a run', () => {
  it('is written once, however many events follow it', async () => {
    const shkeptncontext = 'followed';
    const root = anEvent({ shkeptncontext, time: at(1) });
    await datastore.store(root);
    written.length = 0;
    for (let second = 2; second < 10; second++) await datastore.store(anEvent({ shkeptncontext, time: at(second) }));
    expect(written).toEqual([]);
    expect(await rootsOf(shkeptncontext)).toEqual([root.id]);
  });

  it('is the earliest event, whichever came first', async () => {
    const shkeptncontext = 'earlier';
    await datastore.store(anEvent({ shkeptncontext, time: at(5) }));
    const root = anEvent({ shkeptncontext, time: at(1) });
    await datastore.store(root);
    await datastore.store(anEvent({ shkeptncontext, time: at(3) }));
    expect(await rootsOf(shkeptncontext)).toEqual([root.id]);
  });

  it('is recorded again when its project was deleted and the context comes again', async () => {
    const data = { project: 'deleted' };
    const shkeptncontext = 'again';
    await datastore.store(anEvent({ type: 'sh.keptn.internal.event.project.create', data }));
    await datastore.store(anEvent({ shkeptncontext, data, time: at(1) }));
    await datastore.store(anEvent({ type: 'sh.keptn.internal.event.project.delete', data }));
    expect(await rootsOf(shkeptncontext)).toEqual([]);
    const root = anEvent({ shkeptncontext, time: at(2) });
    await datastore.store(root);
    expect(await rootsOf(shkeptncontext)).toEqual([root.id]);
  });

  it('is found in time when another replica has removed the record that this one remembers', async () => {
    const data = { project: 'deleted-elsewhere' };
    const shkeptncontext = 'elsewhere';
    await datastore.store(anEvent({ type: 'sh.keptn.internal.event.project.create', data }));
    await datastore.store(anEvent({ shkeptncontext, data, time: at(1) }));
    await other.store(anEvent({ type: 'sh.keptn.internal.event.project.delete', data }));
    expect(await rootsOf(shkeptncontext)).toEqual([]);
    const root = anEvent({ shkeptncontext, time: at(2) });
    await datastore.store(root);
    await vi.waitFor(async () => {
      expect(await rootsOf(shkeptncontext)).toEqual([root.id]);
    }, 30_000);
  });
});
