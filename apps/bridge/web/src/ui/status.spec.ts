import { describe, expect, it } from 'vitest';
import { kindOfResult, kindOfState } from './status';

describe('the kind of a status', () => {
  it('is that of its word', () => {
    expect([kindOfResult('pass'), kindOfResult('failed'), kindOfState('awaiting approval')]).toEqual([
      'good',
      'bad',
      'waiting',
    ]);
  });

  it.each(['', 'skipped', 'constructor', '__proto__'])(
    'says nothing of a result that Keptn does not know: %j',
    (word) => {
      expect([kindOfResult(word), kindOfState(word)]).toEqual(['neutral', 'running']);
    },
  );
});
