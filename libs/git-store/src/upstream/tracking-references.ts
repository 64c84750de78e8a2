import { Readable } from 'node:stream';
import { runGit } from '../git-process';
import { type ObjectId, isObjectId } from '../object-id';
import { REMOTE_NAME } from './upstream-environment';

const FOLDER = `refs/remotes/${REMOTE_NAME}/`;

/** The branches of the upstream as they were when it was last reached; Git updates them with each fetch and push. */
export async function readTracking(repositoryFolder: string): Promise<Map<string, ObjectId>> {
  const args = ['for-each-ref', '--format=%(objectname) %(refname)', FOLDER];
  const heads = new Map<string, ObjectId>();
  for (const line of (await runGit(repositoryFolder, args)).toString().split('\n')) {
    const [commit = '', reference = ''] = line.split(' ');
    if (isObjectId(commit)) heads.set(reference.slice(FOLDER.length), commit);
  }
  return heads;
}

/** After this nothing is known of any upstream. */
export async function forgetTracking(repositoryFolder: string): Promise<void> {
  const branches = [...(await readTracking(repositoryFolder)).keys()];
  const commands = branches.map((branch) => `delete ${FOLDER}${branch}\n`).join('');
  if (branches.length > 0)
    await runGit(repositoryFolder, ['update-ref', '--stdin'], { input: Readable.from([commands]) });
}
