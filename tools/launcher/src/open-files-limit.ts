import { readFile } from 'node:fs/promises';

/** Connections, repositories and the embedded store have files open at the same time; Node raises the soft limit itself. */
const ENOUGH = 1_024;

/** A warning when this process may open too few files, as /proc/self/limits of Linux says. */
export async function warnOfFewFiles(): Promise<string | undefined> {
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  return fewFiles(limits);
}

/** @param limits text of /proc/self/limits */
export function fewFiles(limits: string): string | undefined {
  const limit = /^Max open files +(\d+)/m.exec(limits)?.[1];
  return limit !== undefined && Number(limit) < ENOUGH
    ? `only ${limit} files may be open at the same time, and under load Keptn needs ${ENOUGH}: raise the limit with ulimit -n`
    : undefined;
}
