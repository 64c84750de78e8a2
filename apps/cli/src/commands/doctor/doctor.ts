import { defineCommand } from '../../command-line/command';
import { Failure } from '../../failures/failure';
import { checkAll } from './checks';

export const doctor = defineCommand({
  words: ['doctor'],
  summary: 'Check endpoint, API token, versions and clock, and say what to fix',
  examples: [
    { command: 'keptn doctor', says: 'Why does it not work?' },
    { command: 'keptn doctor --context=staging -o json', says: 'For a program' },
  ],
  run: async (_, session) => {
    const { output } = session;
    const checks = await checkAll(session);
    const failed = checks.filter(({ verdict }) => verdict === 'failed');
    await output.show({
      value: checks,
      names: failed.map(({ name }) => name),
      human: checks
        .map(({ name, verdict, finding, fix }) =>
          [`${MARKS[verdict]} ${name}: ${finding}`, ...(fix === undefined ? [] : [`    ${fix}`])].join('\n'),
        )
        .join('\n'),
    });
    const [first] = failed;
    if (first !== undefined) {
      throw new Failure(first.exit ?? 'failed', `${failed.length} of ${checks.length} checks failed`);
    }
  },
});

const MARKS = { ok: 'ok     ', warning: 'warning', failed: 'FAILED ' } as const;
