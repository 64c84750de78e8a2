import { inspectLog } from './log-record';
import { type WriteAheadLog } from './write-ahead-log';

/**
 * Says what is damaged in the files of a log. The end of the last one may be missing, after the process or the machine ended
 * while it was written; everything else was acknowledged.
 */
export async function findLogDamages(log: WriteAheadLog, names: readonly string[]): Promise<readonly string[]> {
  const damages: string[] = [];
  for (const name of names) {
    const bytes = await log.read(name);
    const { records, damaged, cutOff } = inspectLog(bytes);
    for (const { start, end } of damaged) {
      const behind = records.filter((record) => record.start >= end).length;
      damages.push(
        `${name} has ${end - start} bytes at ${start} that are no record, with ${records.length - behind} records before and ` +
          `${behind} behind them`,
      );
    }
    if (cutOff > 0 && name !== names.at(-1))
      damages.push(`${name} ends in the middle of a record, and others follow it`);
  }
  return damages;
}
