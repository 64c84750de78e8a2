import type { Run, RunStep } from '@keptn/api-models';
import { type Session } from '../../command-line/session';
import { UsageFailure } from '../../failures/failure';

const STANDARD_LIMIT = 20;

/** @throws UsageFailure */
export function limitOf(text: string | undefined): number {
  if (text === undefined) return STANDARD_LIMIT;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new UsageFailure('--limit must be a number from 1');
  return Number(text);
}

export async function showRuns(runs: readonly Run[], { output }: Session): Promise<void> {
  await output.show({
    value: runs,
    names: runs.map(({ keptnContext }) => keptnContext),
    human:
      runs.length === 0
        ? 'No runs found'
        : {
            columns: ['CONTEXT', 'KIND', 'PROJECT', 'STAGE', 'SERVICE', 'STATE', 'RESULT', 'SINCE', 'WAITS FOR'],
            rows: runs.flatMap((run) => shownSteps(run).map((step) => rowOf(run, step))),
          },
  });
}

/** What is under way; of a run that is over, what it ended with. */
function shownSteps({ steps }: Run): readonly RunStep[] {
  const open = steps.filter(({ state }) => state !== 'finished');
  return open.length > 0 ? open : steps.slice(-1);
}

function rowOf({ keptnContext, kind, project }: Run, step: RunStep): string[] {
  const { stage, service, state, since, result = '', awaits = '' } = step;
  return [keptnContext, kind, project, stage, service, state, result, since, awaits];
}
