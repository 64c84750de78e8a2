import { describe, expect, it } from 'vitest';
import { accessForChange, accessForCreation } from './upstream-access';
import { UpstreamNotUsable } from './upstream.errors';

const present = { remoteURI: 'https://git.example/p.git', user: 'bot', token: 'old' };

describe('the upstream in a creation', () => {
  it('is none when all fields are empty, as old clients send them', () => {
    expect(accessForCreation({ gitUser: '', gitToken: '', gitRemoteURI: '' })).toBeUndefined();
  });

  it('goes by both names of its address', () => {
    expect(accessForCreation({ gitRemoteURL: 'a' })).toEqual(accessForCreation({ gitRemoteURI: 'a' }));
  });

  it('is refused without an address', () => {
    expect(() => accessForCreation({ gitToken: 'x' })).toThrow(UpstreamNotUsable);
  });
});

describe('the upstream in a change', () => {
  it('stays when nothing is said about it', () => {
    expect(accessForChange({}, present)).toBeUndefined();
    expect(accessForChange({ gitToken: 'x' }, undefined)).toBeUndefined();
  });

  it('keeps what is left out', () => {
    expect(accessForChange({ gitToken: 'new' }, present)).toEqual({ set: { ...present, token: 'new' } });
    const moved = 'https://git.example/other.git';
    expect(accessForChange({ gitRemoteURI: moved }, present)).toEqual({ set: { ...present, remoteURI: moved } });
  });

  it.each(['https://evil.example/p.git', 'http://git.example/p.git', 'https://git.example:444/p.git'])(
    'takes no credentials along to %s',
    (gitRemoteURI) => {
      expect(accessForChange({ gitRemoteURI }, present)).toEqual({ set: { remoteURI: gitRemoteURI } });
    },
  );

  it.each([{ gitRemoteURI: '' }, { gitUser: '', gitToken: '', gitRemoteURL: '' }])('is removed by %j', (fields) => {
    expect(accessForChange(fields, present)).toBe('remove');
  });

  it('is refused when it is removed and given credentials at once', () => {
    expect(() => accessForChange({ gitRemoteURI: '', gitToken: 'x' }, present)).toThrow(UpstreamNotUsable);
  });
});
