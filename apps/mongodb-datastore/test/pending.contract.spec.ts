import { randomUUID } from 'node:crypto';
import { KeptnEventType } from '@keptn/event-models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEvent, Datastore } from './datastore';

let one: Datastore;
let other: Datastore;

beforeAll(async () => {
  one = await Datastore.start();
  other = await Datastore.start({}, one.databaseUri);
});

afterAll(async () => {
  await other.stop();
  await one.close();
});

const anAnnouncement = (type: string, data: object) =>
  anEvent({ id: randomUUID(), time: new Date().toISOString(), type, shkeptncontext: randomUUID(), data });

const announce = async (event: unknown, dueInMs = 0): Promise<void> => {
  const body = JSON.stringify({ event, dueInMs });
  const headers = { 'content-type': 'application/json' };
  expect((await one.call('/pending-event', { method: 'POST', body, headers })).status).toBe(204);
};

const dueIds = async (): Promise<string[]> => {
  const { json } = await other.get('/pending-event');
  return (json as { events: { id: string }[] }).events.map(({ id }) => id);
};

const publish = (id: string, replica = one) => replica.call(`/pending-event/${id}/publication`, { method: 'POST' });
const stored = async (project: string) => (await one.page({ project })).events;

describe('an event that is announced', () => {
  it('is in the log once, whoever publishes it at the same time', async () => {
    const withTicket = (token: string) => ({ project: 'once', service: 'carts', eventContext: { token } });
    const event = anAnnouncement(KeptnEventType.serviceCreate, withTicket('first'));
    await announce(event);
    expect(await stored('once')).toEqual([]);
    expect(await dueIds()).toContain(event.id);
    const sent = one.post({ ...event, data: withTicket('second') });
    const answers = await Promise.all([publish(event.id), publish(event.id, other), sent]);
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 201]);
    expect(await stored('once')).toMatchObject([{ id: event.id }]);
    expect(await dueIds()).not.toContain(event.id);
  });

  it('is not due while the change that it tells of may be under way', async () => {
    const event = anAnnouncement(KeptnEventType.projectCreate, { project: 'early' });
    await announce(event, 3_600_000);
    expect(await dueIds()).not.toContain(event.id);
  });

  it('is no longer pending once it has come to the log itself', async () => {
    const event = anAnnouncement(KeptnEventType.projectCreate, { project: 'usual' });
    await announce(event);
    await one.store(event);
    expect(await dueIds()).not.toContain(event.id);
    expect((await publish(event.id)).status).toBe(204);
    expect(await stored('usual')).toHaveLength(1);
  });

  it('never comes to the log when it is withdrawn', async () => {
    const event = anAnnouncement(KeptnEventType.projectCreate, { project: 'withdrawn' });
    await announce(event);
    expect((await other.call(`/pending-event/${event.id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await publish(event.id)).status).toBe(204);
    expect(await stored('withdrawn')).toEqual([]);
  });

  it('of a deletion takes the events that were there before the project was created again, and no other', async () => {
    const first = anAnnouncement(KeptnEventType.projectCreate, { project: 'again' });
    await one.store(first);
    const deletion = anAnnouncement(KeptnEventType.projectDelete, { project: 'again' });
    await announce(deletion);
    const second = anAnnouncement(KeptnEventType.projectCreate, { project: 'again' });
    await announce(second);
    await one.store(second);
    await publish(deletion.id, other);
    expect(await stored('again')).toMatchObject([{ id: second.id }]);
  });

  it('must be one of a project and a context', async () => {
    const body = JSON.stringify({ event: anEvent({ data: {} }), dueInMs: 0 });
    const headers = { 'content-type': 'application/json' };
    expect((await one.call('/pending-event', { method: 'POST', body, headers })).status).toBe(400);
  });
});
