import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { Failure, reasonOf } from '../failures/failure';

/** Where a control plane is, as whom to speak to it, and how far to trust its certificate. */
export interface Context {
  readonly endpoint: string;
  readonly token: string;
  readonly caFile?: string;
  readonly insecure?: boolean;
}

export interface Contexts {
  /** Name of the context that commands use. */
  readonly current?: string;
  readonly contexts: Readonly<Record<string, Context>>;
}

const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

/** Folder of everything that the command remembers. */
export const configFolder = (): string => process.env['KEPTN_CONFIG_DIR'] ?? join(homedir(), '.keptn');

export const contextsFile = (): string => join(configFolder(), 'contexts.json');

const isContext = (value: unknown): value is Context =>
  typeof value === 'object' &&
  value !== null &&
  'endpoint' in value &&
  typeof value.endpoint === 'string' &&
  'token' in value &&
  typeof value.token === 'string';

/**
 * @throws Failure when the file is there and cannot be used
 */
export function readContexts(): Contexts {
  const file = contextsFile();
  try {
    const content = JSON.parse(readFileSync(file, 'utf8')) as Partial<Contexts> | null;
    const contexts = Object.entries(content?.contexts ?? {}).filter(([, context]) => isContext(context));
    const current = content?.current;
    return { contexts: Object.fromEntries(contexts), ...(typeof current === 'string' && { current }) };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return { contexts: {} };
    }
    throw new Failure('failed', `the credentials in ${file} cannot be read: ${reasonOf(error)}`, {
      hint: `Repair the file, or delete it and authenticate again with "keptn auth".`,
      cause: error,
    });
  }
}

/**
 * Replaces the file as a whole: whatever happens, the old one or the new one is there, and nobody else can read it.
 *
 * @throws Failure when it cannot be written; the old one stays
 */
export function writeContexts(contexts: Contexts): void {
  const file = contextsFile();
  const aside = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: OWNER_ONLY_FOLDER });
    writeDurably(aside, `${JSON.stringify(contexts, null, 2)}\n`);
    renameSync(aside, file);
  } catch (error) {
    rmSync(aside, { force: true });
    throw new Failure('failed', `the credentials cannot be stored in ${file}: ${reasonOf(error)}`, {
      hint: 'Nothing was changed. Make room, choose another folder with KEPTN_CONFIG_DIR, or set KEPTN_ENDPOINT and KEPTN_API_TOKEN instead.',
      cause: error,
    });
  }
}

function writeDurably(file: string, text: string): void {
  const descriptor = openSync(file, 'wx', OWNER_ONLY_FILE);
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
