import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEvent, Datastore } from './datastore';

let datastore: Datastore;

beforeAll(async () => {
  datastore = await Datastore.start();
});

afterAll(() => datastore.close());

const read = async (id: string): Promise<Record<string, unknown>> =>
  (await datastore.get(`/event/${encodeURIComponent(id)}`)).json as Record<string, unknown>;

describe('any JSON', () => {
  it('comes back as it was sent', async () => {
    const keys = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', 'a.b', '$where', '$', '__proto__', 'x.$.y'),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constantFrom(
          'null',
          'true',
          '0',
          '-0',
          '1.0',
          '1e400',
          '9007199254740993',
          '123456789012345678901234567890',
        ),
        fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
        fc.array(tie('tree') as fc.Arbitrary<string>, { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
        fc
          .uniqueArray(fc.tuple(keys, tie('tree') as fc.Arbitrary<string>), { maxLength: 4, selector: ([key]) => key })
          .map((entries) => `{${inOrderOfJavaScript(entries).join(',')}}`),
      ),
    }));
    let count = 0;
    await fc.assert(
      fc.asyncProperty(tree, async (json) => {
        const id = `any-json-${count++}`;
        const { status } = await datastore.postText(`{"type":"t","id":"${id}","data":{"any":${json}}}`);
        expect(status).toBe(201);
        expect((await datastore.get(`/event/${id}`)).text).toContain(`"data":{"any":${json}}`);
      }),
      { numRuns: 150 },
    );
  }, 120_000);
});

/** JavaScript puts keys that are array indexes first; the order of keys means nothing in JSON. */
const inOrderOfJavaScript = (entries: readonly (readonly [string, string])[]): string[] => {
  const order = Object.keys(Object.fromEntries(entries.filter(([key]) => key !== '__proto__')));
  const plain = order.map((key) => entries.find(([other]) => other === key)).filter((entry) => entry !== undefined);
  const indexes = plain.filter(([key]) => /^(?:0|[1-9]\d{0,9})$/.test(key) && Number(key) < 2 ** 32 - 1);
  const rest = entries.filter((entry) => !indexes.includes(entry));
  return [...indexes, ...rest].map(([key, value]) => `${JSON.stringify(key)}:${value}`);
};

describe('secrets', () => {
  it('are not stored: eventContext is null at any depth', async () => {
    const event = anEvent({
      eventContext: { token: 'secret' },
      data: { project: 'p', eventContext: { token: 'secret' }, list: [{ eventContext: 'secret', kept: 1 }] },
    });
    await datastore.store(event);
    const { text, json } = await datastore.get(`/event/${event.id}`);
    expect(text).not.toContain('secret');
    expect(json).toMatchObject({
      eventContext: null,
      data: { project: 'p', eventContext: null, list: [{ eventContext: null, kept: 1 }] },
    });
  });

  it('leave the creation of a project with project, shipyard and gitRemoteURL', async () => {
    const event = anEvent({
      type: 'sh.keptn.internal.event.project.create',
      data: {
        project: 'with-git',
        shipyard: 'eA==',
        gitUser: 'u',
        gitToken: 'secret',
        gitRemoteURL: 'https://g',
        eventContext: { keptnContext: 'c', token: 'a-ticket' },
        x: 1,
      },
    });
    await datastore.store(event);
    expect((await read(event.id))['data']).toEqual({
      project: 'with-git',
      shipyard: 'eA==',
      gitRemoteURL: 'https://g',
      eventContext: null,
    });
  });
});
