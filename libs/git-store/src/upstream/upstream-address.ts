import { InvalidUpstream } from './upstream.errors';

/** Where an upstream repository is. */
export interface UpstreamAddress {
  readonly transport: 'http' | 'ssh' | 'file';
  /** As Git gets it: without credentials. */
  readonly url: string;
  /** Scheme, host and port that credentials are sent to, and nowhere else; empty for files. */
  readonly origin: string;
  /** The user that the URL named. */
  readonly user?: string;
}

export interface AddressRules {
  /** `file://` URLs read the disk of this machine: for tests only. */
  readonly allowFile?: boolean;
}

/** Characters; longer URLs are no addresses of repositories. */
const MAX_URL_LENGTH = 1_000;
/** A host name or an IP address; never something that ssh could take for an option. */
const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:.]+\])$/;
const USER = /^[A-Za-z0-9_][A-Za-z0-9_.@+-]*$/;
/** `git@host:group/project.git`, as Git hosts show it. */
const SCP_FORM = /^([^@:/\s]+)@([^@:/\s]+):([^:\s].*)$/;
const FORMS = 'an address such as https://host/project.git, ssh://git@host/project.git or git@host:project.git';

/**
 * Accepts addresses that reach a repository over HTTPS, HTTP or SSH. Everything else that Git understands (other
 * transports and helpers, options, paths) is refused.
 * @throws InvalidUpstream
 */
export function parseUpstreamAddress(text: string, { allowFile = false }: AddressRules = {}): UpstreamAddress {
  if (text.length > MAX_URL_LENGTH || !/^[\x21-\x7e]+$/.test(text)) {
    throw new InvalidUpstream(`The upstream address must be ${FORMS}, in at most ${MAX_URL_LENGTH} ASCII characters`);
  }
  const scp = SCP_FORM.exec(text);
  return scp === null ? parseUrl(text, allowFile) : parseScp(scp[1] ?? '', scp[2] ?? '', scp[3] ?? '');
}

function parseScp(user: string, host: string, path: string): UpstreamAddress {
  if (!USER.test(user) || !HOST.test(host) || path.startsWith('-')) throw notAnAddress();
  return { transport: 'ssh', url: `${user}@${host}:${path}`, origin: `ssh://${host}`, user };
}

function parseUrl(text: string, allowFile: boolean): UpstreamAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw notAnAddress();
  if (url.password !== '') throw new InvalidUpstream('The upstream address must not hold a password or token');
  if (url.search !== '' || url.hash !== '') throw new InvalidUpstream('The upstream address must not hold ? or #');
  if (url.protocol === 'file:' && allowFile) return { transport: 'file', url: url.href, origin: '' };
  const transport = transportOf(url.protocol);
  const user = decodeURIComponentSafely(url.username);
  if (transport === undefined || !HOST.test(url.hostname) || (user !== '' && !USER.test(user))) throw notAnAddress();
  if (url.pathname.length < 2 || url.pathname.startsWith('/-')) {
    throw new InvalidUpstream('The upstream address must name a repository after the host');
  }
  const origin = `${url.protocol}//${url.host}`;
  // ssh takes the user from the address; for HTTP it comes with the credentials.
  const authority = transport === 'ssh' && user !== '' ? `${url.protocol}//${user}@${url.host}` : origin;
  return { transport, url: `${authority}${url.pathname}`, origin, ...(user !== '' && { user }) };
}

function transportOf(protocol: string): 'http' | 'ssh' | undefined {
  if (protocol === 'https:' || protocol === 'http:') return 'http';
  return protocol === 'ssh:' ? 'ssh' : undefined;
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw notAnAddress();
  }
}

function notAnAddress(): InvalidUpstream {
  return new InvalidUpstream(`The upstream address must be ${FORMS}`);
}
