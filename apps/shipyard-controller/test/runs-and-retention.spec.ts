import { randomUUID } from 'node:crypto';
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ControlPlaneStandIn, type NewEvent, type StoredEvent } from '@keptn/service-kit/testing';
import { StartedShipyardController } from './started-shipyard-controller';

const CHANGE = 'sh.keptn.event.configuration.change';
const PROBLEM_OPEN = 'sh.keptn.event.problem.open';
const PROBLEM_CLOSED = { type: PROBLEM_OPEN, data: { State: 'CLOSED', ProblemTitle: 'Slow', PID: 'P-1' } };

let controlPlane: ControlPlaneStandIn;
let service: StartedShipyardController;
let database: mongoose.Connection;

beforeAll(async () => {
  const MONGODB_URI = `${inject('mongodbUri')}/shipyard-${randomUUID()}`;
  controlPlane = await ControlPlaneStandIn.start();
  service = await StartedShipyardController.start(controlPlane, { MONGODB_URI });
  database = await mongoose.createConnection(MONGODB_URI).asPromise();
});

afterAll(async () => {
  await database.close();
  await service.stop();
  await controlPlane.stop();
});

interface ListedRun {
  readonly steps: readonly { readonly state: string; readonly problem?: { readonly state: string } }[];
}

/** The run of a context as people see it. */
async function runOf(keptnContext: string): Promise<ListedRun | undefined> {
  const { json } = await service.call('GET', `/v1/run?keptnContext=${keptnContext}`);
  return (json as { runs: readonly ListedRun[] }).runs[0];
}

const savedRun = (keptnContext: string) => database.collection<{ _id: string }>('runs').findOne({ _id: keptnContext });

const problemOf = async (keptnContext: string) => (await runOf(keptnContext))?.steps[0]?.problem?.state;

async function happen(event: NewEvent): Promise<StoredEvent> {
  const stored = controlPlane.append(event);
  await service.deliver(stored);
  return stored;
}

/** A problem that was reported several times in one Keptn context. */
async function reported(): Promise<{ readonly shkeptncontext: string; readonly reports: readonly StoredEvent[] }> {
  const shkeptncontext = randomUUID();
  const reports: StoredEvent[] = [];
  for (let time = 0; time < 4; time++) {
    const data = { State: 'OPEN', ProblemTitle: 'Slow', PID: 'P-1' };
    reports.push(await happen({ type: PROBLEM_OPEN, shkeptncontext, data }));
  }
  return { shkeptncontext, reports };
}

const removeOldest = (events: readonly StoredEvent[]) => {
  for (const event of events.slice(0, -1)) controlPlane.remove(event);
};

describe('a run of which retention has removed the first events', () => {
  it('follows what comes', async () => {
    const { shkeptncontext, reports } = await reported();
    expect(await problemOf(shkeptncontext)).toBe('open');
    removeOldest(reports);
    await happen({ ...PROBLEM_CLOSED, shkeptncontext });
    expect(await problemOf(shkeptncontext)).toBe('closed');
  });

  it('has no problem any more whose report is among them', async () => {
    const { shkeptncontext, reports } = await reported();
    await happen({ type: CHANGE, shkeptncontext });
    for (const report of reports) controlPlane.remove(report);
    await happen({ type: 'sh.keptn.events.deployment-finished', shkeptncontext });
    expect(await runOf(shkeptncontext)).toMatchObject({ steps: [{ state: 'testing' }] });
    expect(await savedRun(shkeptncontext)).not.toHaveProperty('problemState');
  });

  it('stays in a rebuilt list', async () => {
    const { shkeptncontext, reports } = await reported();
    removeOldest(reports);
    await service.call('POST', '/v1/run/rebuild');
    expect(await problemOf(shkeptncontext)).toBe('open');
  });
});

describe('a rebuilt list of runs', () => {
  it('keeps what the log still has of a run whose last events are gone, and of its service', async () => {
    const shkeptncontext = randomUUID();
    const stage = randomUUID();
    const deployed = (tag: string, time: string) =>
      happen({
        type: 'sh.keptn.events.deployment-finished',
        shkeptncontext,
        time,
        data: { stage, image: 'carts', tag },
      });
    await deployed('1', '2020-11-05T10:00:00.000Z');
    controlPlane.remove(await deployed('2', '2020-11-05T11:00:00.000Z'));
    await service.call('POST', '/v1/run/rebuild');
    expect(await runOf(shkeptncontext)).toMatchObject({ steps: [{ image: 'carts:1' }] });
    const state = await database.collection('serviceStates').findOne({ stage, aspect: 'deployment' });
    expect(state).toMatchObject({ image: 'carts:1' });
  });
});

describe('a rebuild that does not come to its end', () => {
  it('leaves what services are like as it was, although it begins with what they were like once', async () => {
    const stage = randomUUID();
    const deployed = (tag: string, time: string) =>
      happen({ type: 'sh.keptn.events.deployment-finished', time, data: { stage, image: 'carts', tag } });
    await deployed('1', '2020-11-05T10:00:00.000Z');
    const { shkeptncontext = '' } = await deployed('2', '2020-11-05T11:00:00.000Z');
    controlPlane.unreadable.add(shkeptncontext);
    expect((await service.call('POST', '/v1/run/rebuild')).status).toBeGreaterThanOrEqual(500);
    controlPlane.unreadable.clear();
    const state = await database.collection('serviceStates').findOne({ stage, aspect: 'deployment' });
    expect(state).toMatchObject({ image: 'carts:2' });
  });
});

describe('runs are found', () => {
  const found = async (query: Readonly<Record<string, string>>): Promise<readonly unknown[]> => {
    const { status, json } = await service.call('GET', `/v1/run?${new URLSearchParams(query).toString()}`);
    expect(status).toBe(200);
    return (json as { runs: readonly { keptnContext: string }[] }).runs.map(({ keptnContext }) => keptnContext);
  };
  const began = async (time: string, image: string, labels = {}) =>
    (await happen({ type: CHANGE, time, data: { valuesCanary: { image }, labels } })).shkeptncontext;

  it('by the image as people see it, and by its whole reference', async () => {
    const name = `carts:${randomUUID()}`;
    const here = await began('2020-11-01T10:00:00.000Z', `registry:5000/here/${name}`);
    const there = await began('2020-11-01T11:00:00.000Z', `there/${name}`);
    expect(await found({ image: name })).toEqual([there, here]);
    expect(await found({ image: `there/${name}` })).toEqual([there]);
    expect(await found({ image: `here/${name}` })).toEqual([]);
  });

  it('by the name of the image, its tag, and its reference without the tag', async () => {
    const [name, tag] = [randomUUID(), randomUUID()];
    const one = await began('2020-11-02T10:00:00.000Z', `docker.io/keptnexamples/${name}:${tag}`);
    const other = await began('2020-11-02T11:00:00.000Z', `${name}:0.1`);
    expect(await found({ image: name })).toEqual([other, one]);
    expect(await found({ image: tag })).toEqual([one]);
    expect(await found({ image: `docker.io/keptnexamples/${name}` })).toEqual([one]);
    expect(await found({ image: `keptnexamples/${name}` })).toEqual([]);
  });

  it('by a label, and by its key alone', async () => {
    const key = randomUUID();
    const one = await began('2020-11-03T10:00:00.000Z', 'carts:1', { [key]: '1' });
    const other = await began('2020-11-03T11:00:00.000Z', 'carts:1', { [key]: '2', more: 'yes' });
    expect(await found({ label: key })).toEqual([other, one]);
    expect(await found({ label: `${key}=1`, image: 'carts' })).toEqual([one]);
    expect(await found({ label: '1' })).toEqual([]);
    expect(await found({ keptnContext: one ?? '' })).toEqual([one]);
  });

  it('by the time at which they began, page by page', async () => {
    const first = await began('2019-11-01T10:00:00.000Z', 'carts:1');
    const second = await began('2019-11-01T11:00:00.000Z', 'carts:2');
    const third = await began('2019-11-01T12:00:00.000Z', 'carts:3');
    const all = { fromTime: '2019-11-01T10:00:00Z', beforeTime: '2019-11-01T14:00:00+01:00' };
    expect(await found(all)).toEqual([third, second, first]);
    expect(await found({ ...all, beforeTime: '2019-11-01T12:00:00Z' })).toEqual([second, first]);
    expect(await found({ ...all, fromTime: '2019-11-01T10:00:00.001Z' })).toEqual([third, second]);
    const page = new URLSearchParams({ ...all, pageSize: '2' });
    const { nextPageKey } = (await service.call('GET', `/v1/run?${page.toString()}`)).json as { nextPageKey: string };
    expect(await found({ ...all, nextPageKey })).toEqual([first]);
  });
});

describe('a run that an older release has saved', () => {
  it('is older than each that is saved', async () => {
    const { shkeptncontext = '' } = await happen({ type: CHANGE });
    await database
      .collection<{ _id: string }>('runs')
      .updateOne({ _id: shkeptncontext }, { $unset: { lastSequence: 1 }, $set: { eventCount: 100 } });
    await happen({ type: 'sh.keptn.events.deployment-finished', shkeptncontext, data: { image: 'carts', tag: '1' } });
    expect(await runOf(shkeptncontext)).toMatchObject({ steps: [{ state: 'testing' }] });
  });

  it('is found by its image where that has no name before it', async () => {
    const image = `carts:${randomUUID()}`;
    const { shkeptncontext = '' } = await happen({ type: CHANGE, data: { valuesCanary: { image } } });
    await database
      .collection<{ _id: string }>('runs')
      .updateOne({ _id: shkeptncontext }, { $unset: { imageNames: 1, labelKeys: 1 } });
    const { json } = await service.call('GET', `/v1/run?image=${image}`);
    expect(json).toMatchObject({ runs: [{ keptnContext: shkeptncontext }] });
  });

  it('gives way to this one, as this one does to it while both are in use', async () => {
    const { shkeptncontext = '' } = await happen({ type: CHANGE });
    expect(await savedRun(shkeptncontext)).toMatchObject({ eventCount: 1 });
    for (const own of ['eventCount', 'imageNames', 'labelKeys'])
      expect(await runOf(shkeptncontext)).not.toHaveProperty(own);
  });
});
