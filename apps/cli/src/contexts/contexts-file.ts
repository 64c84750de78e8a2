import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure, reasonOf } from '../failures/failure';
import { decodeText } from '../input/text';
import { type SignIn } from '../sign-in/sign-in';
import { makeFolder } from '../project-folder/make-folder';

/** Where a control plane is, the token for it, and how far to trust its certificate. */
export interface Context {
  readonly endpoint: string;
  readonly token: string;
  readonly caFile?: string;
  readonly insecure?: boolean;
  /** How the token is renewed, when somebody signed in for it. */
  readonly signIn?: SignIn;
}

export interface Contexts {
  /** Name of the context that commands use. */
  readonly current?: string;
  readonly contexts: Readonly<Record<string, Context>>;
}

const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

const isContext = (value: unknown): value is Context =>
  typeof value === 'object' &&
  value !== null &&
  'endpoint' in value &&
  typeof value.endpoint === 'string' &&
  'token' in value &&
  typeof value.token === 'string';

/** The contexts that `keptn auth` has stored. */
export class ContextsFile {
  readonly path: string;

  /** @param folder of everything that the command stores */
  constructor(folder: string) {
    this.path = join(folder, 'contexts.json');
  }

  /** @throws Failure when the file is there and cannot be used */
  read(): Contexts {
    try {
      const content = JSON.parse(decodeText(readFileSync(this.path), this.path)) as Partial<Contexts> | null;
      const contexts = Object.entries(content?.contexts ?? {}).filter(([, context]) => isContext(context));
      const current = content?.current;
      return { contexts: Object.fromEntries(contexts), ...(typeof current === 'string' && { current }) };
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
        return { contexts: {} };
      }
      throw new Failure('failed', `the credentials in ${this.path} cannot be read: ${reasonOf(error)}`, {
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
  write(contexts: Contexts): void {
    const temporary = `${this.path}.${randomBytes(6).toString('hex')}`;
    try {
      makeFolder(dirname(this.path), OWNER_ONLY_FOLDER);
      writeDurably(temporary, `${JSON.stringify(contexts, null, 2)}\n`);
      renameSync(temporary, this.path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw new Failure('failed', `the credentials cannot be stored in ${this.path}: ${reasonOf(error)}`, {
        hint: 'Nothing was changed. Make room, choose another folder with KEPTN_CONFIG_DIR, or set KEPTN_ENDPOINT and KEPTN_API_TOKEN instead.',
        cause: error,
      });
    }
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
