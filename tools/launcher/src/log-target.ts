import { readFile } from 'node:fs/promises';
import { type DataFolder } from './data-folder';
import { type ServicePlan } from './topology';

/** Where services log to: each to a file of its own, or all to the terminal. */
export type LogTarget = { readonly kind: 'file'; readonly folder: DataFolder } | { readonly kind: 'console' };

/** The terminal's descriptor. */
const STANDARD_OUTPUT = 1;

/** Opens the logs of services, to be closed once their process has them. */
export async function openLogs(
  log: LogTarget,
  plans: readonly ServicePlan[],
): Promise<{ descriptors: number[]; close: () => Promise<void> }> {
  if (log.kind === 'console') {
    return { descriptors: plans.map(() => STANDARD_OUTPUT), close: () => Promise.resolve() };
  }
  const files = await Promise.all(plans.map(({ name }) => log.folder.openLog(name)));
  return {
    descriptors: files.map(({ fd }) => fd),
    close: async () => {
      await Promise.all(files.map((file) => file.close()));
    },
  };
}

export const whereLogIs = (log: LogTarget, service: string): string =>
  log.kind === 'file' ? `; its log: ${log.folder.logOf(service)}` : '';

/** What the service said of itself in its last log line. */
export async function lastWordsOf(log: LogTarget, service: string): Promise<string> {
  if (log.kind === 'console') {
    return 'see its last line above';
  }
  const path = log.folder.logOf(service);
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  return `${messageOf(lines.at(-1) ?? '')}; its log: ${path}`;
}

const messageOf = (line: string): string => {
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry === 'object' && entry !== null && 'msg' in entry && typeof entry.msg === 'string') {
      return entry.msg;
    }
  } catch {
    // Not a log entry: something that ended before it could log.
  }
  return line;
};
