import { type ObjectId, toObjectId } from './object-id';

/** Who made a commit. */
export interface Identity {
  readonly name: string;
  readonly email: string;
}

export interface Signature extends Identity {
  /** Full seconds; Git stores no fractions. */
  readonly time: Date;
}

export interface Commit {
  readonly id: ObjectId;
  readonly tree: ObjectId;
  readonly parents: readonly ObjectId[];
  readonly author: Signature;
  readonly committer: Signature;
  /** Subject, body and trailers. */
  readonly message: string;
}

/** Seconds since 1970 of the years 1 to 9999, which everybody can write and read. Git checks no date. */
const EARLIEST = -62_135_596_800;
const LATEST = 253_402_300_799;

export type CommitContent = Omit<Commit, 'id'>;

/** What `git fsck` refuses in an identity: angle brackets, line ends and other control characters. */

const UNSAFE_IN_IDENTITY = /[<>\u0000-\u001f\u007f]/g;

/** An identity that Git accepts: odd characters are dropped, and nothing is left empty. */
export function cleanIdentity(identity: Identity): Identity {
  const clean = (text: string): string => text.replace(UNSAFE_IN_IDENTITY, '').trim().slice(0, 200);
  return { name: clean(identity.name) || 'unknown', email: clean(identity.email).replace(/\s/g, '') || 'unknown' };
}

export function encodeCommit(commit: CommitContent): Buffer {
  const lines = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${encodeSignature(commit.author)}`,
    `committer ${encodeSignature(commit.committer)}`,
    '',
    commit.message,
  ];
  return Buffer.from(lines.join('\n'), 'utf8');
}

function encodeSignature({ time, ...identity }: Signature): string {
  const { name, email } = cleanIdentity(identity);
  return `${name} <${email}> ${Math.max(0, Math.floor(time.getTime() / 1000))} +0000`;
}

/** @throws TypeError when the bytes are no commit. */
export function parseCommit(id: ObjectId, body: Buffer): Commit {
  const text = body.toString('utf8');
  const headEnd = text.indexOf('\n\n');
  const head = headEnd < 0 ? text : text.slice(0, headEnd);
  const values = (key: string): string[] =>
    head
      .split('\n')
      .filter((line) => line.startsWith(`${key} `))
      .map((line) => line.slice(key.length + 1));
  return {
    id,
    tree: toObjectId(values('tree')[0] ?? ''),
    parents: values('parent').map(toObjectId),
    author: parseSignature(values('author')[0] ?? ''),
    committer: parseSignature(values('committer')[0] ?? ''),
    message: headEnd < 0 ? '' : text.slice(headEnd + 2),
  };
}

function parseSignature(text: string): Signature {
  const match = /^(.*?) ?<(.*)> (-?\d+)/.exec(text);
  const seconds = Number(match?.[3] ?? 0);
  const time = new Date(Math.max(EARLIEST, Math.min(LATEST, seconds)) * 1000);
  return { name: match?.[1] ?? '', email: match?.[2] ?? '', time };
}
