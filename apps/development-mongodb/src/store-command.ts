import process from 'node:process';
import { checkEmbeddedMongodb, startEmbeddedMongodb } from '@keptn/embedded-mongodb';

const USAGE = `usage: npm run store -- check FOLDER     reads every byte of a store that is not running; changes nothing
       npm run store -- salvage FOLDER   keeps what can be read of a damaged store; the damaged files stay as damaged-*`;

/** Work on a store at rest. @returns the exit code: 1 for a damaged store or a failure, 2 for a wrong call */
export async function runStoreCommand(command: string, folder: string | undefined): Promise<number> {
  if ((command !== 'check' && command !== 'salvage') || folder === undefined) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  try {
    if (command === 'salvage') await (await startEmbeddedMongodb({ folder, whenDamaged: 'salvage' })).close();
    const { damages, documents } = await checkEmbeddedMongodb(folder);
    for (const damage of damages) process.stderr.write(`${damage}\n`);
    process.stdout.write(
      damages.length === 0 ? `the store is whole: ${documents} documents\n` : 'the store is damaged\n',
    );
    return damages.length === 0 ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}
