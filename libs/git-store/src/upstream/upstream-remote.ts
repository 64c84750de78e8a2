import { type AddressRules, type UpstreamAddress, parseUpstreamAddress } from './upstream-address';
import { InvalidUpstream } from './upstream.errors';

/** What proves to an upstream who we are. */
export type UpstreamCredentials =
  | { readonly kind: 'token'; readonly user: string; readonly token: string }
  | {
      readonly kind: 'key';
      /** In the form of OpenSSH or PEM, without a passphrase. */
      readonly privateKey: string;
      /** A folder for nobody else: the keys of hosts stay here, private keys as long as ssh needs them. */
      readonly folder: string;
    };

/** A repository somewhere else, and how to get in. */
export interface UpstreamRemote {
  readonly address: UpstreamAddress;
  /** None is for files only. */
  readonly credentials?: UpstreamCredentials;
}

export interface UpstreamAccess {
  readonly url: string;
  readonly user?: string;
  readonly token?: string;
  readonly privateKey?: string;
  /** See {@link UpstreamCredentials}. */
  readonly folder: string;
}

const PRIVATE_KEY = /^-----BEGIN [A-Z ]*PRIVATE KEY-----\n[A-Za-z0-9+/=\n:, -]+\n-----END [A-Z ]*PRIVATE KEY-----\n$/;
/** Characters; a key of 16,384 bits has 13,000. */
const MAX_SECRET_LENGTH = 20_000;
const DEFAULT_SSH_USER = 'git';

/**
 * Puts an address and credentials together that fit each other.
 * @throws InvalidUpstream whose message never holds a credential
 */
export function upstreamRemote(
  { url, user = '', token = '', privateKey = '', folder }: UpstreamAccess,
  rules: AddressRules = {},
): UpstreamRemote {
  const address = parseUpstreamAddress(url, rules);
  switch (address.transport) {
    case 'file':
      return { address };
    case 'http':
      return { address, credentials: { kind: 'token', user: userOf(address, user), token: checkToken(token) } };
    case 'ssh': {
      const credentials = { kind: 'key', privateKey: checkKey(privateKey), folder } as const;
      return { address: address.user === undefined ? withUser(address, user) : address, credentials };
    }
  }
}

function userOf(address: UpstreamAddress, user: string): string {
  const name = user || (address.user ?? '');
  if (name === '' || /\p{Cc}/u.test(name)) {
    throw new InvalidUpstream('The user is missing or holds a control character: Git hosts need one beside the token');
  }
  if (address.user !== undefined && address.user !== name) {
    throw new InvalidUpstream('The upstream address names another user: leave the one in the address out');
  }
  return name;
}

function checkToken(token: string): string {
  if (token === '' || token.length > MAX_SECRET_LENGTH || /\p{Cc}/u.test(token)) {
    throw new InvalidUpstream('The token is missing, too long or holds a control character');
  }
  return token;
}

function checkKey(privateKey: string): string {
  const key = `${privateKey.replace(/\r\n?/g, '\n').trim()}\n`;
  if (key.length > MAX_SECRET_LENGTH || !PRIVATE_KEY.test(key)) {
    throw new InvalidUpstream('The private key is missing or not in the form of OpenSSH or PEM');
  }
  if (/ENCRYPTED/.test(key)) throw new InvalidUpstream('The private key must not be protected by a passphrase');
  return key;
}

function withUser(address: UpstreamAddress, user: string): UpstreamAddress {
  const named = parseUpstreamAddress(address.url.replace('ssh://', `ssh://${user || DEFAULT_SSH_USER}@`));
  return { ...named, origin: address.origin };
}
