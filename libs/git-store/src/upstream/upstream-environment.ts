import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { createSynced } from '../durable-files';
import { gitEnvironment } from '../git-process';
import { type UpstreamCredentials, type UpstreamRemote } from './upstream-remote';

/** The name that Git knows the upstream by; it is in the environment only, never in a file. */
export const REMOTE_NAME = 'upstream';

/** Seconds. */
const CONNECT_TIMEOUT = 15;
const KEEP_ALIVE = 15;
const LOW_SPEED_TIME = 30;
/** Bytes a second; slower for {@link LOW_SPEED_TIME} is a connection that hangs. */
const LOW_SPEED_LIMIT = 100;

/** How this machine reaches the network is its operator's decision. */
const PASSED_ON = [
  ...['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()]),
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR', 'GIT_SSL_CAINFO', 'GIT_SSL_CAPATH'],
];

/** Prints what the environment holds: a shell function, so that the token is in no command line. */
const HELPER =
  '!f() { test "$1" = get && printf "username=%s\\npassword=%s\\n" "$KEPTN_UPSTREAM_USER" "$KEPTN_UPSTREAM_TOKEN"; }; f';

/** Runs `use` with an environment in which Git reaches the upstream. Private keys are on disk only until it ends. */
export async function withUpstreamEnvironment<Result>(
  remote: UpstreamRemote,
  use: (environment: NodeJS.ProcessEnv) => Promise<Result>,
): Promise<Result> {
  const environment = { ...gitEnvironment(), ...networkVariables(), ...asVariables(settingsOf(remote)) };
  const { credentials } = remote;
  if (credentials?.kind !== 'key') return await use({ ...environment, ...tokenVariables(credentials) });
  await mkdir(credentials.folder, { recursive: true, mode: 0o700 });
  const keyFile = join(credentials.folder, `key-${randomBytes(8).toString('hex')}`);
  try {
    await createSynced(keyFile, credentials.privateKey, 0o600);
    return await use({
      ...environment,
      GIT_SSH_VARIANT: 'ssh',
      GIT_SSH_COMMAND: sshCommand(credentials.folder, keyFile),
    });
  } finally {
    await rm(keyFile, { force: true });
  }
}

function tokenVariables(credentials: UpstreamCredentials | undefined): NodeJS.ProcessEnv {
  if (credentials?.kind !== 'token') return {};
  return { KEPTN_UPSTREAM_USER: credentials.user, KEPTN_UPSTREAM_TOKEN: credentials.token };
}

function settingsOf({ address, credentials }: UpstreamRemote): [key: string, value: string][] {
  const protocols = address.transport === 'http' ? ['https', 'http'] : [address.transport];
  return [
    [`remote.${REMOTE_NAME}.url`, address.url],
    [`remote.${REMOTE_NAME}.fetch`, `+refs/heads/*:refs/remotes/${REMOTE_NAME}/*`],
    ['protocol.allow', 'never'],
    ...protocols.map((protocol): [string, string] => [`protocol.${protocol}.allow`, 'always']),
    // Bound to scheme and host: a redirect to somebody else gets no token.
    ...(credentials?.kind === 'token' ? ([[`credential.${address.origin}.helper`, HELPER]] as [string, string][]) : []),
    ['core.hooksPath', '/dev/null'],
    ['fetch.fsckObjects', 'true'],
    ['fetch.unpackLimit', '1'],
    ['fetch.recurseSubmodules', 'false'],
    ['push.recurseSubmodules', 'no'],
    ['gc.auto', '0'],
    ['http.lowSpeedLimit', String(LOW_SPEED_LIMIT)],
    ['http.lowSpeedTime', String(LOW_SPEED_TIME)],
  ];
}

function asVariables(settings: readonly (readonly [key: string, value: string])[]): NodeJS.ProcessEnv {
  const pairs = settings.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return { ...(Object.fromEntries(pairs) as Record<string, string>), GIT_CONFIG_COUNT: String(settings.length) };
}

/** A host is trusted when it is seen first; when its key changes later, it is refused. */
function sshCommand(folder: string, keyFile: string): string {
  const options = [
    'BatchMode=yes',
    'IdentitiesOnly=yes',
    'PreferredAuthentications=publickey',
    'StrictHostKeyChecking=accept-new',
    'GlobalKnownHostsFile=/dev/null',
    `UserKnownHostsFile="${join(folder, 'known_hosts')}"`,
    'LogLevel=ERROR',
    `ConnectTimeout=${CONNECT_TIMEOUT}`,
    `ServerAliveInterval=${KEEP_ALIVE}`,
    'ServerAliveCountMax=2',
  ];
  return ['ssh', '-F', '/dev/null', '-i', quote(keyFile), ...options.flatMap((option) => ['-o', quote(option)])].join(
    ' ',
  );
}

/** Git hands the command to a shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** What of this process's environment says how the network is reached. */
export function networkVariables(): NodeJS.ProcessEnv {
  const set = PASSED_ON.filter((name) => process.env[name] !== undefined);
  return Object.fromEntries(set.map((name) => [name, process.env[name]] as const));
}
