import { describe, expect, it } from 'vitest';
import { type Session } from './session';
import { SessionSeal } from './session-seal';

const SESSION: Session = { id: 'one', name: 'ada', until: 1, rights: { kind: 'token', token: 'a secret token' } };

describe('a sealed session', () => {
  const seal = new SessionSeal('the secret of a deployment');

  it('is opened by every replica of the deployment', () => {
    expect(new SessionSeal('the secret of a deployment').open(seal.seal(SESSION))).toEqual(SESSION);
  });

  it('shows nothing, and never looks the same twice', () => {
    expect(Buffer.from(seal.seal(SESSION), 'base64url').toString('latin1')).not.toContain('token');
    expect(seal.seal(SESSION)).not.toBe(seal.seal(SESSION));
  });

  it('is opened by nobody else', () => {
    expect(new SessionSeal('another secret').open(seal.seal(SESSION))).toBeUndefined();
  });

  it('is worthless when anything in it was changed', () => {
    const bytes = Buffer.from(seal.seal(SESSION), 'base64url');
    bytes.forEach((byte, index) => {
      const changed = Buffer.from(bytes);
      changed[index] = byte ^ 1;
      expect(seal.open(changed.toString('base64url'))).toBeUndefined();
    });
  });

  it.each(['', 'x', 'not sealed by anyone at all, but long enough'])('is not %j', (text) => {
    expect(seal.open(text)).toBeUndefined();
  });
});
