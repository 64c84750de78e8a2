import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidTimeFrame } from './evaluation.errors';
import { type RequestedTimeFrame, resolveTimeFrame } from './time-frame';

const NOW = Date.parse('2020-11-23T12:00:00.000Z');

const resolve = (requested: RequestedTimeFrame): [string, string] => {
  const { start, end } = resolveTimeFrame(requested, NOW);
  return [start.toISOString(), end.toISOString()];
};

describe('the time frame of an evaluation', () => {
  it.each<[RequestedTimeFrame, string, string]>([
    [{}, '2020-11-23T11:55:00.000Z', '2020-11-23T12:00:00.000Z'],
    [{ timeframe: '10m' }, '2020-11-23T11:50:00.000Z', '2020-11-23T12:00:00.000Z'],
    [{ timeframe: '1m' }, '2020-11-23T11:59:00.000Z', '2020-11-23T12:00:00.000Z'],
    [{ timeframe: '5minutes' }, '2020-11-23T11:55:00.000Z', '2020-11-23T12:00:00.000Z'],
    [{ start: '2020-01-01T00:00:00', timeframe: '2m' }, '2020-01-01T00:00:00.000Z', '2020-01-01T00:02:00.000Z'],
    [
      { start: '2020-01-01T00:00:00.5', end: '2020-01-01T00:01:00.5' },
      '2020-01-01T00:00:00.500Z',
      '2020-01-01T00:01:00.500Z',
    ],
  ])('%j is [%s, %s]', (requested, start, end) => {
    expect(resolve(requested)).toEqual([start, end]);
  });

  it.each<[RequestedTimeFrame, string]>([
    [
      { start: '2020-01-01T00:00:00' },
      'Please provide a timeframe, e.g., --timeframe=5m, or an end date using --end=...',
    ],
    [{ end: '2020-01-01T00:00:00', timeframe: '5m' }, 'You can not use --end together with --timeframe'],
    [{ end: '2020-01-01T00:00:00' }, 'start date is required when using an end date'],
    [{ timeframe: '5' }, 'The time frame format is invalid. Use the format [duration]m, e.g.: 5m'],
    [{ timeframe: 'fivem' }, 'The time frame format is invalid. Use the format [duration]m, e.g.: 5m'],
    [{ timeframe: '0m' }, 'end date must be at least 1 minute after start date'],
    [
      { start: '2020-01-01T00:00:00', end: '2020-01-01T00:00:59' },
      'end date must be at least 1 minute after start date',
    ],
    [{ start: '2020-01-01T00:00:00Z', timeframe: '5m' }, 'parsing time "2020-01-01T00:00:00Z"'],
    [{ start: '2020-04-31T00:00:00', timeframe: '5m' }, 'parsing time "2020-04-31T00:00:00"'],
  ])('%j is refused: %s', (requested, message) => {
    expect(() => resolve(requested)).toThrow(message);
  });

  it('is either refused or at least a minute long, whatever is asked for', () => {
    const text = fc.option(fc.oneof(fc.string(), fc.stringMatching(/^\d{1,9}m$/)), { nil: undefined });
    fc.assert(
      fc.property(fc.record({ start: text, end: text, timeframe: text }), (requested) => {
        try {
          const { start, end } = resolveTimeFrame(requested, NOW);
          expect(end.getTime() - start.getTime()).toBeGreaterThanOrEqual(60_000);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidTimeFrame);
        }
      }),
    );
  });
});
