import { describe, expect, it } from 'vitest';
import { InvalidEvent } from './invalid-event';
import { fromRequest } from './posted-events';

const minimal = { data: {}, source: 's', type: 't' };
const batch = { 'content-type': 'application/cloudevents-batch+json' };

describe('fromRequest', () => {
  it('reads one event in structured mode, which is what a request without a mode has', () => {
    expect(fromRequest({ 'content-type': 'application/json' }, minimal)).toMatchObject({ kind: 'one', event: minimal });
    expect(() => fromRequest({}, undefined)).toThrow('a JSON body is required');
  });

  it('reads one event in binary mode, with numbers as they were spelled', () => {
    const headers = { 'ce-specversion': '1.0', 'ce-type': 't', 'ce-source': 's', 'content-type': 'application/json' };
    expect(fromRequest(headers, { n: 1 })).toMatchObject({ kind: 'one', event: { type: 't', data: { n: 1 } } });
  });

  it('reads or refuses each event of a batch for itself', () => {
    const posted = fromRequest(batch, [minimal, { ...minimal, type: undefined }, null]);
    expect(posted).toEqual({
      kind: 'batch',
      events: [expect.objectContaining(minimal), expect.any(InvalidEvent), expect.any(InvalidEvent)],
    });
    expect(fromRequest(batch, [])).toEqual({ kind: 'batch', events: [] });
  });

  it('refuses a batch of more events than can be read together', () => {
    expect(
      fromRequest(
        batch,
        Array.from({ length: 1_000 }, () => minimal),
      ).kind,
    ).toBe('batch');
    expect(() => fromRequest(batch, [{}, ...Array.from({ length: 1_000 }, () => 0)])).toThrow('at most 1000 events');
  });

  it.each([minimal, [null, null], ['text', 1]])('refuses a batch without a single event as a whole: %j', (body) => {
    expect(() => fromRequest(batch, body)).toThrow('body must be a JSON array of CloudEvents');
  });
});
