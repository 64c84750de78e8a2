import process from 'node:process';
import { parseArgs } from 'node:util';
import { GitStoreError } from '@keptn/git-store';
import { InvalidSettings, readSettings } from '@keptn/service-kit';
import { type ArchiveContent } from './archive';
import { BackupFailure } from './backup.errors';
import { restore, type Restored } from './restore';
import { save } from './save';
import { backupSettings } from './settings';

const USAGE = `Saves and restores everything that a control plane keeps: repositories, credentials of upstreams, events.

  node main.js save > keptn-backup.tar
  node main.js restore [--replace] < keptn-backup.tar     the services must be stopped

The archive holds the credentials of upstreams: keep it as you keep them. Environment: KEPTN_DATA_DIR, MONGODB_URI.
`;

const summaryOf = ({ repositories, collections }: ArchiveContent): string => {
  const events = collections.find(({ name }) => name === 'events')?.documents ?? 0;
  return `${repositories.length} projects, ${events} events`;
};

const reportOf = ({ content, tokens }: Restored): string => {
  const restored = `restored ${summaryOf(content)}`;
  return tokens.length === 0
    ? restored
    : `${restored}\n${tokens.length} named tokens are valid again, as they were when this was saved: ${tokens.join(', ')}.\n` +
        'Once the services run, delete and rotate again those that were deleted or rotated since then.';
};

async function run(command: string | undefined, replace: boolean): Promise<string> {
  switch (command) {
    case 'save':
      return `saved ${summaryOf(await save(readSettings(backupSettings, process.env), process.stdout))}`;
    case 'restore':
      return reportOf(await restore(readSettings(backupSettings, process.env), process.stdin, { replace }));
    default:
      throw new BackupFailure(USAGE);
  }
}

try {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { replace: { type: 'boolean', default: false } },
  });
  process.stderr.write(`${await run(positionals[0], values.replace)}\n`);
} catch (error) {
  const isForTheOperator =
    error instanceof BackupFailure || error instanceof GitStoreError || error instanceof InvalidSettings;
  process.stderr.write(
    isForTheOperator ? `${error.message}\n` : `${String(error instanceof Error ? error.stack : error)}\n`,
  );
  process.exitCode = 1;
}
