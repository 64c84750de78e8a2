import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SecretBox, UnreadableSecret } from './secret-box';

const [OLD, NEW] = [Buffer.from(randomBytes(32)), Buffer.from(randomBytes(32))];
const boxOf = (...keys: Buffer<ArrayBuffer>[]): SecretBox => new SecretBox({ SECRET_ENCRYPTION_KEYS: keys });

describe('a secret at rest', () => {
  it('is the secret itself without a key', () => {
    expect(boxOf().seal('whsec_x', 'a')).toBe('whsec_x');
    expect(boxOf(NEW).open('whsec_x', 'a')).toBe('whsec_x');
  });

  it('is encrypted with the first key, differently each time, and read with any', () => {
    const sealed = [boxOf(OLD).seal('whsec_x', 'a'), boxOf(OLD).seal('whsec_x', 'a')];
    expect(JSON.stringify(sealed)).not.toContain('whsec_x');
    expect(sealed[0]).not.toEqual(sealed[1]);
    expect(sealed.map((each) => boxOf(NEW, OLD).open(each, 'a'))).toEqual(['whsec_x', 'whsec_x']);
  });

  it('cannot be read without its key, or moved to another subscription', () => {
    const sealed = boxOf(OLD).seal('whsec_x', 'a');
    expect(() => boxOf(NEW).open(sealed, 'a')).toThrow(UnreadableSecret);
    expect(() => boxOf(OLD).open(sealed, 'b')).toThrow(UnreadableSecret);
  });
});
