import { describe, expect, it } from 'vitest';
import { readNatsAddress, shownAddress } from './nats-address';

describe('NATS_URL', () => {
  it('names one server or several, at port 4222 unless it says otherwise', () => {
    expect(readNatsAddress('nats://keptn-nats-cluster')).toEqual({
      servers: ['keptn-nats-cluster:4222'],
      isSecure: false,
    });
    expect(readNatsAddress('nats://a:4223, nats://b')?.servers).toEqual(['a:4223', 'b:4222']);
  });

  it('may hold credentials, which are not shown', () => {
    const address = readNatsAddress('tls://ada:p%40ss@nats.example.com');
    expect(address).toMatchObject({ user: 'ada', password: 'p@ss', isSecure: true });
    expect(address && shownAddress(address)).toBe('tls://nats.example.com:4222');
    expect(readNatsAddress('nats://a-token@host')).toMatchObject({ token: 'a-token' });
  });

  it.each(['', 'nats', 'http://nats:4222', 'nats://', 'nats://a,b'])('is not "%s"', (text) => {
    expect(readNatsAddress(text)).toBeUndefined();
  });
});
