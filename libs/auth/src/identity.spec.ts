import { Caller } from '@keptn/api-models';
import { SignJWT } from 'jose';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Identities } from './identity';

const TOKEN = 'a-token-for-these-tests';
const MINUTE_MS = 60_000;

const team = new Caller({
  kind: 'token',
  name: 'ci',
  id: '1',
  grants: [{ scopes: ['event:write'], projects: ['sockshop'] }],
});

afterEach(() => {
  vi.useRealTimers();
});

describe('an identity', () => {
  const identities = new Identities(TOKEN);

  it('says to every service of the installation who the caller is and what they may do', () => {
    expect(new Identities(TOKEN).verify(identities.sign(team))?.description).toEqual(team.description);
    expect(identities.verify(identities.sign(Caller.SHARED))).toBe(Caller.SHARED);
  });

  it('counts for a minute', () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const identity = identities.sign(team);
    vi.setSystemTime(Date.now() + MINUTE_MS - 1_000);
    expect(identities.verify(identity)?.name).toBe('ci');
    vi.setSystemTime(Date.now() + 1_000);
    expect(identities.verify(identity)).toBeUndefined();
  });

  it.each([
    ['of another installation', () => new Identities('another-token-12345').sign(team)],
    ['altered', () => identities.sign(team).replace(/[^.]$/, (last) => (last === 'A' ? 'B' : 'A'))],
    [
      'unsigned',
      () => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${identities.sign(team).split('.')[1]}.`,
    ],
    ['empty', () => ''],
    [
      'signed with the shared token itself',
      () =>
        new SignJWT({ caller: 'shared', exp: 9_999_999_999 })
          .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
          .sign(new TextEncoder().encode(TOKEN)),
    ],
  ])('is nobody when %s', async (_what, forge) => {
    expect(identities.verify(await forge())).toBeUndefined();
  });
});
