import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** By which people and scanners for leaked secrets know a token. */
export const TOKEN_PREFIX = 'kpt_';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 32 digits of 62 are 190 bits. */
const SECRET_LENGTH = 32;
const CHECKSUM_LENGTH = 6;
const TOKEN = new RegExp(`^${TOKEN_PREFIX}[0-9A-Za-z]{${SECRET_LENGTH + CHECKSUM_LENGTH}}$`);

/** Bytes from here on would make some digits likelier than others. */
const FAIR = 256 - (256 % DIGITS.length);

/** A new token. Its end is a checksum, so that a scanner can tell a token from what only looks like one. */
export function newTokenText(): string {
  let secret = '';
  while (secret.length < SECRET_LENGTH) {
    for (const byte of randomBytes(SECRET_LENGTH)) {
      if (byte < FAIR && secret.length < SECRET_LENGTH) secret += DIGITS.charAt(byte % DIGITS.length);
    }
  }
  return `${TOKEN_PREFIX}${secret}${checksumOf(secret)}`;
}

/** Whether the text can be a token, which is known without asking anybody. */
export function isTokenText(text: string): boolean {
  return (
    TOKEN.test(text) && checksumOf(text.slice(TOKEN_PREFIX.length, -CHECKSUM_LENGTH)) === text.slice(-CHECKSUM_LENGTH)
  );
}

/** What is stored of a token. Its randomness makes it unguessable, so that a hash needs no salt and no slowness. */
export const hashOfToken = (text: string): string => createHash('sha256').update(text).digest('base64url');

function checksumOf(secret: string): string {
  let rest = crc32(secret);
  let digits = '';
  for (let index = 0; index < CHECKSUM_LENGTH; index++) {
    digits = DIGITS.charAt(rest % DIGITS.length) + digits;
    rest = Math.floor(rest / DIGITS.length);
  }
  return digits;
}
