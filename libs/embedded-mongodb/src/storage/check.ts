import { inspectDataFile, type DataFileContent } from './data-file';
import { findLogDamages } from './log-damage';
import { WriteAheadLog } from './write-ahead-log';

/** Reads every byte of a store that nobody serves, and changes nothing. */
export async function checkFiles(folder: string): Promise<DataFileContent> {
  const { entries, damages } = await inspectDataFile(folder, 'everything');
  const log = new WriteAheadLog(folder);
  return { entries, damages: [...damages, ...(await findLogDamages(log, await log.find()))] };
}
