import { describe, expect, it } from 'vitest';
import { toExplainedEvent } from './explained-event';

const explained = (time: string, storedAt?: string) =>
  toExplainedEvent({ event: { time }, decisions: [], ...(storedAt !== undefined && { storedAt }) });

describe('an event of a run', () => {
  it.each(['2026-01-31T09:00:00.000Z', '2026-01-31T11:00:00.000+01:00', '2027-01-31T10:02:00.000Z'])(
    'has the time of the log where that is not what its sender says: %s',
    (time) => {
      const storedAt = '2026-01-31T10:02:00.000Z';
      expect(explained(time, storedAt)).toMatchObject({ time, storedAt });
    },
  );

  it('has one time where the two agree', () => {
    expect(explained('2026-01-31T10:01:10.000Z', '2026-01-31T10:02:00.000Z').storedAt).toBeUndefined();
  });

  it.each([
    ['the log does not know when it came', '2026-01-31T10:01:10.000Z', undefined],
    ['its sender says no time', '', '2026-01-31T10:02:00.000Z'],
  ])('has one time where %s', (_why, time, storedAt) => {
    expect(explained(time, storedAt).storedAt).toBeUndefined();
  });
});
