const DEFAULT_PORT = '4222';

/** Where NATS is, as NATS_URL says. */
export interface NatsAddress {
  /** `host:port` of each server of the cluster. */
  readonly servers: readonly string[];
  readonly isSecure: boolean;
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
}

/**
 * Reads `nats://host:4222`, or several such URLs with commas. `tls://` encrypts the connection; `user:password@` or `token@` of the
 * first URL is used for all servers.
 *
 * @returns undefined for anything else
 */
export function readNatsAddress(text: string): NatsAddress | undefined {
  const parts = text.split(',').map((part) => part.trim());
  if (!parts.every((part) => URL.canParse(part))) return undefined;
  const urls = parts.map((part) => new URL(part));
  const [first] = urls;
  const areNats = urls.every(({ protocol, hostname }) => /^(?:nats|tls):$/.test(protocol) && hostname !== '');
  if (first === undefined || !areNats) return undefined;
  return {
    servers: urls.map(({ hostname, port }) => `${hostname}:${port || DEFAULT_PORT}`),
    isSecure: urls.some(({ protocol }) => protocol === 'tls:'),
    ...credentialsOf(first),
  };
}

function credentialsOf({ username, password }: URL): Pick<NatsAddress, 'password' | 'token' | 'user'> {
  if (username === '') return {};
  const name = decodeURIComponent(username);
  return password === '' ? { token: name } : { user: name, password: decodeURIComponent(password) };
}

/** As it is shown to people: without what opens it. */
export const shownAddress = ({ servers, isSecure }: NatsAddress): string =>
  `${isSecure ? 'tls' : 'nats'}://${servers.join()}`;
