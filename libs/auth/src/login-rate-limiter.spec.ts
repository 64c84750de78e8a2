import { TooManyRequests } from '@keptn/service-kit';
import { beforeEach, describe, expect, it } from 'vitest';
import { LoginRateLimiter } from './login-rate-limiter';

let now = 0;
let limit: LoginRateLimiter;

const guess = (client: string): 'at once' | 'waits' | 'refused' => {
  try {
    return limit.count(client) === 0 ? 'at once' : 'waits';
  } catch (error) {
    expect(error).toBeInstanceOf(TooManyRequests);
    return 'refused';
  }
};

const guessOften = (client: string, times: number) => Array.from({ length: times }, () => guess(client));

beforeEach(() => {
  now = 1_000_000;
  limit = new LoginRateLimiter({ perMinute: 60, maxClients: 3, now: () => now });
});

describe('the guessing of tokens', () => {
  it('is free up to the number of a minute, then waits for its turn, then is refused', () => {
    expect(guessOften('192.0.2.1', 60)).not.toContain('waits');
    expect(guessOften('192.0.2.1', 4)).toEqual(['waits', 'waits', 'refused', 'refused']);
  });

  it('is free the first time, also at times whose fractions do not add up exactly', () => {
    for (const time of [6_249.221973000001, 11_506.654122, 25_956.137553]) {
      now = time;
      limit = new LoginRateLimiter({ perMinute: 1, now: () => now });
      expect(limit.count('192.0.2.1')).toBe(0);
    }
  });

  it('goes on at the rate of the setting, whatever is tried', () => {
    guessOften('192.0.2.1', 1_000);
    let passed = 0;
    for (let second = 0; second < 100; second += 1) {
      now += 1_000;
      passed += guessOften('192.0.2.1', 50).filter((outcome) => outcome !== 'refused').length;
    }
    expect(passed).toBe(100);
  });

  it('of one client does not touch another', () => {
    guessOften('192.0.2.1', 1_000);
    expect(guess('192.0.2.2')).toBe('at once');
  });

  it('is not counted when it was no guess', () => {
    for (let request = 0; request < 1_000; request += 1) {
      expect(guess('192.0.2.1')).toBe('at once');
      limit.takeBack('192.0.2.1');
    }
  });

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff:eeee:dddd:cccc'],
    ['2001:DB8::1', '2001:0db8:0:0:5::'],
    ['::1', '::2'],
  ])('from %s and %s is that of one holder', (one, other) => {
    guessOften(one, 1_000);
    expect(guess(other)).toBe('refused');
  });

  it('from one network of IPv6 does not touch another', () => {
    guessOften('2001:db8:1:2::1', 1_000);
    expect(guess('2001:db8:1:3::1')).toBe('at once');
  });

  it('from more clients than are counted is slowed all the same', () => {
    const outcomes = Array.from({ length: 1_000 }, (_none, index) => guess(`192.0.${index >> 8}.${index & 255}`));
    expect(outcomes.filter((outcome) => outcome !== 'refused').length).toBe(3 + 62);
    now += 120_000;
    expect(guess('198.51.100.1')).toBe('at once');
  });

  it('says when to come back', () => {
    guessOften('192.0.2.1', 1_000);
    expect(() => limit.count('192.0.2.1')).toThrow(
      expect.objectContaining({ status: 429, headers: { 'Retry-After': '1' } }) as Error,
    );
  });
});
