import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson, stringifyJson } from '../json/exact-json';
import { fromBinary } from './binary';
import { SPEC_VERSIONS } from './keptn-event';
import { fromStructured } from './structured';
import { toWire } from './wire';

const sent = {
  data: { project: 'sockshop' },
  source: '/test',
  type: 'sh.keptn.event.configuration.change',
  id: 'a-1',
  time: '2020-11-23T10:15:30.5Z',
  shkeptncontext: 'a3e5f16d-8888-4720-82c7-6995062905c1',
  triggeredid: 'a-0',
  subject: 'carts',
};

const text = fc.string({ unit: fc.constantFrom('a', 'Z', '0', '/', '#', 'é', '😀', '%', '"', '\\', ' ') });
/** Names of extensions: the attributes of CloudEvents itself are not among them. */
const name = fc.stringMatching(/^x[a-z0-9]{0,19}$/);
const attributes = fc.record(
  {
    data: fc.oneof(
      fc.dictionary(
        fc.string(),
        fc.json().map((json) => parseJson(json)),
      ),
      fc.string({ minLength: 1 }),
    ),
    source: text,
    type: fc.string({ unit: 'grapheme-ascii', minLength: 1 }),
    specversion: fc.constantFrom(...SPEC_VERSIONS),
    id: text,
    time: fc
      .date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString()),
    contenttype: fc.constantFrom('application/json', 'text/plain'),
    shkeptncontext: text,
    triggeredid: text,
  },
  { requiredKeys: ['data', 'source', 'type'] },
);

describe('toWire', () => {
  it('serves a 0.2 event as it was sent', () => {
    const event = { ...sent, specversion: '0.2', contenttype: 'application/json' };
    expect(toWire(fromStructured(event))).toEqual(event);
  });

  it.each(['0.3', '1.0'])(
    'serves a %s event as it was sent, with the name of 0.2 for its media type',
    (specversion) => {
      const event = { ...sent, specversion, datacontenttype: 'application/json' };
      expect(toWire(fromStructured(event))).toEqual({ ...event, contenttype: 'application/json' });
    },
  );

  it('serves bytes in the encoding of each version', () => {
    const rest = { source: sent.source, type: sent.type };
    const bytes = { ...rest, datacontenttype: 'image/png', data_base64: '/wA=', specversion: '1.0' };
    expect(toWire(fromStructured(bytes))).toMatchObject({ data_base64: '/wA=' });
    const older = {
      ...rest,
      datacontenttype: 'image/png',
      data: '/wA=',
      datacontentencoding: 'base64',
      specversion: '0.3',
    };
    expect(toWire(fromStructured(older))).toMatchObject({ data: '/wA=', datacontentencoding: 'base64' });
  });

  it('keeps numbers exact on the whole way', () => {
    const json = '{"data":{"n":9007199254740993,"m":1.0},"source":"s","specversion":"0.2","type":"t"}';
    expect(stringifyJson(toWire(fromStructured(parseJson(json))))).toBe(json);
  });

  it('is read again as the same event', () => {
    fc.assert(
      fc.property(attributes, fc.dictionary(name, fc.oneof(text, fc.boolean(), fc.integer())), (known, foreign) => {
        const event = fromStructured({ ...foreign, ...known });
        const served: unknown = parseJson(stringifyJson(toWire(event)));
        expect(fromStructured(served)).toEqual(event);
      }),
    );
  });

  it('does not depend on the mode that the event was sent in', () => {
    fc.assert(
      fc.property(attributes, (attributes) => {
        const { data, ...rest } = { ...attributes, contenttype: 'application/json' };
        const body = stringifyJson(data);
        const headers = Object.entries(rest).map(([key, value]) => [`ce-${key}`, encodeURIComponent(value)] as const);
        const event = fromBinary({ ...Object.fromEntries<string>(headers), 'content-type': 'application/json' }, body);
        expect(event).toEqual(fromStructured({ ...rest, data }));
      }),
    );
  });
});
