import { describe, expect, it } from 'vitest';
import { readSettings } from '@keptn/service-kit';
import { mongodbDatastoreSettings } from '../settings';
import { OwnNumbers } from './own-numbers';

const numbers = (environment: Readonly<Record<string, string>>): OwnNumbers =>
  new OwnNumbers(
    readSettings(mongodbDatastoreSettings, {
      MONGODB_URI: 'mongodb://127.0.0.1/own-numbers',
      KEPTN_API_TOKEN: 'a-token-for-these-tests',
      ...environment,
    }),
  );

const alone = (): OwnNumbers => numbers({ ONLY_REPLICA: 'true' });

describe('a number that is missing where nobody else takes any', () => {
  it('never turns up when this process has taken none', () => {
    expect(alone().beforeReading()(1_000)).toBe(true);
  });

  it('may turn up while its event is being stored, and not once that is visible', () => {
    const own = alone();
    own.take(11, 3);
    expect(own.beforeReading()(10)).toBe(true);
    expect(own.beforeReading()(11)).toBe(false);
    own.settle([11, 13]);
    expect(own.beforeReading()(11)).toBe(true);
    expect(own.beforeReading()(12)).toBe(false);
    own.settle([12]);
    expect(own.beforeReading()(13)).toBe(true);
  });

  it('may have turned up behind the back of a reading during which it was taken and stored', () => {
    const own = alone();
    const first = own.beforeReading();
    own.take(11, 2);
    const second = own.beforeReading();
    own.settle([11, 12]);
    const third = own.beforeReading();
    own.take(13, 1);
    own.settle([13]);
    expect([first(10), first(11)]).toEqual([true, false]);
    expect([second(10), second(11)]).toEqual([true, false]);
    expect([third(12), third(13)]).toEqual([true, false]);
  });

  it('is not waited for for ever when nobody knows whether it was stored', () => {
    const own = numbers({ ONLY_REPLICA: 'true', SEQUENCE_GAP_MS: '0' });
    own.take(11, 1);
    expect(own.beforeReading()(11)).toBe(true);
  });
});

describe('a number that is missing where there are other replicas', () => {
  it('may be about to turn up, whatever this process does', () => {
    expect(numbers({}).beforeReading()(1)).toBe(false);
  });
});
