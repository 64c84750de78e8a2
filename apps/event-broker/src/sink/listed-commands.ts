import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** A command of this machine that the operator lets subscriptions run. Nothing of it ever comes from an event or a request. */
export interface ListedCommand {
  /** Program and arguments. */
  readonly run: readonly [string, ...string[]];
  readonly timeoutMs: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Folder that it runs in: that of the file. */
  readonly folder: string;
}

/** By name. */
export type ListedCommands = ReadonlyMap<string, ListedCommand>;

/** A subscription names a command that the operator does not list. */
export class UnlistedCommand extends Error {
  override readonly name = 'UnlistedCommand';

  constructor(command: string) {
    super(`COMMANDS_FILE lists no command "${command}"`);
  }
}

/** Ten minutes and a day, in milliseconds. */
const DEFAULT_TIMEOUT_MS = 600_000;
const LONGEST_TIMEOUT_MS = 86_400_000;

const file = z.strictObject({
  commands: z.record(
    z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
    z.strictObject({
      run: z.tuple([z.string().min(1)], z.string()),
      timeoutMs: z.int().min(100).max(LONGEST_TIMEOUT_MS).default(DEFAULT_TIMEOUT_MS),
      environment: z.record(z.string(), z.string()).default({}),
    }),
  ),
});

/**
 * Reads the file of the operator.
 *
 * @returns what it must be when it is none
 */
export function readCommands(path: string): ListedCommands | string {
  let content: unknown;
  try {
    content = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    return `must be a YAML file that can be read: ${error instanceof Error ? error.message : String(error)}`;
  }
  const read = file.safeParse(content);
  if (!read.success) {
    const [issue] = read.error.issues;
    return `must list commands such as "commands: { deploy: { run: [./deploy.sh] } }": ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
  }
  const folder = dirname(resolve(path));
  return new Map(Object.entries(read.data.commands).map(([name, command]) => [name, { ...command, folder }]));
}
