import { Readable } from 'node:stream';
import { runGit } from './git-process';
import { type ObjectId } from './object-id';

/** One reference for each former head: whoever holds a version that this store acknowledged can read it for ever. */
const FOLDER = 'refs/keptn/replaced';

const folderOf = (branch: string): string => `${FOLDER}/${branch}`;

/** Keeps a head of a branch, with its past, when other commits take its place. */
export async function keepReplaced(repositoryFolder: string, branch: string, head: ObjectId): Promise<void> {
  await runGit(repositoryFolder, ['update-ref', `${folderOf(branch)}/${head}`, head]);
}

/** Lets the former heads of a branch go together with it. */
export async function forgetReplaced(repositoryFolder: string, branch: string): Promise<void> {
  const listed = await runGit(repositoryFolder, ['for-each-ref', '--format=delete %(refname)', `${folderOf(branch)}/`]);
  if (listed.length > 0) await runGit(repositoryFolder, ['update-ref', '--stdin'], { input: Readable.from([listed]) });
}

/** Whether a branch was at a commit once: it is in the past of its head or of a former one. */
export async function isInPast(repositoryFolder: string, branch: string, commit: ObjectId): Promise<boolean> {
  const heads = [`refs/heads/${branch}`, `${folderOf(branch)}/`];
  const args = ['for-each-ref', '--count=1', `--contains=${commit}`, '--format=%(refname)', ...heads];
  return (await runGit(repositoryFolder, args)).length > 0;
}
