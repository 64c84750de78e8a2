import type { SessionState } from '@keptn/api-models';
import { describe, expect, it } from 'vitest';
import { isOfSamePerson, withKnown } from './same-person';

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
    [true, 'session, whose name and rights are not known for a moment', { name: undefined, grants: undefined }],
    [false, 'rights, and of a name that is not known', { ...LATER, name: undefined }],
  ])('is of the same person: %s for one of the same %s', (isSame, _what, state) => {
    expect(isOfSamePerson(session({}), session(state))).toBe(isSame);
    expect(isOfSamePerson(session(state), session({}))).toBe(isSame);
  });

  it('of nobody whose rights are known is that of nobody else', () => {
    const unknown = { grants: undefined };
    expect(isOfSamePerson(session(unknown), session({ ...unknown, ...LATER }))).toBe(false);
  });

  it('keeps what was known of it while that cannot be said, and takes what is said later', () => {
    const { name: _name, grants: _grants, ...unknown } = session({});
    expect(withKnown(session({}), unknown)).toEqual(session({}));
    expect(withKnown(unknown, session({}))).toEqual(session({}));
    expect(withKnown(session({}), session({ grants: HERE }))).toEqual(session({ grants: HERE }));
  });

  it('takes nothing from the one before', () => {
    const { name: _name, ...nameless } = session(LATER);
    expect(withKnown(session({}), nameless)).toEqual(nameless);
    expect(withKnown(undefined, nameless)).toEqual(nameless);
  });
});
