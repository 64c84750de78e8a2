import type { SessionState } from '@keptn/api-models';
import { describe, expect, it } from 'vitest';
import { isOfSamePerson } from './same-person';

const EVERYWHERE: SessionState['grants'] = [{ scopes: ['event:read'], projects: 'all' }];
const HERE: SessionState['grants'] = [{ scopes: ['event:read'], projects: ['sockshop'] }];

const session = (state: Partial<SessionState>): SessionState => ({
  ...{ signedIn: true, takesPassword: false, signInWith: [], name: 'ada' },
  ...{ expiresAt: '2020-11-23T22:15:30.123Z', grants: EVERYWHERE },
  ...state,
});
const LATER = { expiresAt: '2020-11-23T23:15:30.123Z' };

describe('a session', () => {
  it.each<[boolean, string, Partial<SessionState>]>([
    [true, 'name and rights', LATER],
    [false, 'name, and not of their rights', { ...LATER, grants: HERE }],
    [false, 'name, whose rights are not known', { ...LATER, grants: undefined }],
    [false, 'rights, and not of their name', { ...LATER, name: 'eve' }],
    [true, 'session, whose rights are not known for a moment', { grants: undefined }],
  ])('is of the same person: %s for one of the same %s', (isSame, _what, state) => {
    expect(isOfSamePerson(session({}), session(state))).toBe(isSame);
    expect(isOfSamePerson(session(state), session({}))).toBe(isSame);
  });

  it('of nobody whose rights are known is that of nobody else', () => {
    const unknown = { grants: undefined };
    expect(isOfSamePerson(session(unknown), session({ ...unknown, ...LATER }))).toBe(false);
  });
});
