/**
 * A process that is killed: the embedded store or a Git store of the build in a folder, which writes and reads texts as its
 * parent asks over the IPC channel.
 *
 *   node tools/faults/store-process.mjs events|git FOLDER
 */
import process from 'node:process';
import { MongoClient } from 'mongodb';

const REPOSITORY = 'project';
const BRANCH = 'dev';
/** So few that rounds come across the packing in the background. */
const MAX_LOOSE_OBJECTS = 150;
/** What a Git store answers when something is not there. */
const ABSENT = new Set(['FileNotFound', 'BranchNotFound', 'RepositoryNotFound']);

/** @typedef {{ write: (key: string, text: string) => Promise<unknown>, read: (key: string) => Promise<string | undefined>, close: () => Promise<void> }} Texts */

/** @param {string} library */
const bundleOf = (library) => new URL(`../../dist/libs/${library}/index.js`, import.meta.url).href;

/** @param {string} folder @returns {Promise<Texts>} */
async function openEvents(folder) {
  /** @type {typeof import('@keptn/embedded-mongodb')} */
  const { startEmbeddedMongodb } = await import(bundleOf('embedded-mongodb'));
  const store = await startEmbeddedMongodb({ folder });
  const client = await MongoClient.connect(store.uri('faults'), { retryWrites: false });
  /** @type {import('mongodb').Collection<{ key: string, text: string }>} */
  const texts = client.db().collection('texts');
  // A full disk refuses the index as well; the documents are found without it.
  await texts.createIndex({ key: 1 }, { unique: true }).catch(() => undefined);
  return {
    write: (key, text) => texts.insertOne({ key, text }),
    read: async (key) => (await texts.findOne({ key }))?.text,
    close: async () => {
      await client.close();
      await store.close();
    },
  };
}

/** @param {string} folder @returns {Promise<Texts>} */
async function openGit(folder) {
  /** @type {typeof import('@keptn/git-store')} */
  const { GitStore } = await import(bundleOf('git-store'));
  const identity = { name: 'keptn', email: 'keptn@keptn.example' };
  const store = await GitStore.open({ folder, identity, maxLooseObjects: MAX_LOOSE_OBJECTS });
  if (!store.repositories().includes(REPOSITORY)) {
    const changes = [{ path: 'metadata.yaml', content: Buffer.from('projectname: project\n') }];
    const branches = [
      { branch: 'master', changes, message: 'Added metadata.yaml' },
      { branch: BRANCH, from: 'master' },
    ];
    await store.createRepository(REPOSITORY, { branches });
  }
  return {
    write: (key, text) => {
      const changes = [{ path: key, content: Buffer.from(text) }];
      return store.repository(REPOSITORY).commit(BRANCH, { changes, message: key });
    },
    read: async (key) => {
      try {
        const { content } = await store.repository(REPOSITORY).readFile({ branch: BRANCH, path: key });
        return content.toString();
      } catch (error) {
        if (error instanceof Error && ABSENT.has(error.name)) return undefined;
        throw error;
      }
    },
    close: () => store.close(),
  };
}

/** @param {unknown} error */
const messageOf = (error) => (error instanceof Error ? error.message : String(error));

process.on('disconnect', () => process.exit(1));
const [kind, folder = ''] = process.argv.slice(2);
try {
  const texts = await (kind === 'git' ? openGit(folder) : openEvents(folder));
  process.on('SIGTERM', () => void texts.close().then(() => process.exit(0)));
  process.on('message', (/** @type {{ id: number, key: string, text?: string }} */ { id, key, text }) => {
    const answer = text === undefined ? texts.read(key) : texts.write(key, text).then(() => undefined);
    answer.then(
      (found) => process.send?.({ id, text: found }),
      (/** @type {unknown} */ error) => process.send?.({ id, failure: messageOf(error) }),
    );
  });
  process.send?.({ id: 0 });
} catch (error) {
  process.send?.({ id: 0, failure: messageOf(error) }, () => process.exit(1));
}
