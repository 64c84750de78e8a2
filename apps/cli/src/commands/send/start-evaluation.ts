import { isJsonObject, type JsonObject, stringifyJson } from '@keptn/event-models/json';
import { type Server, type Session } from '../../command-line/session';
import { defineCommand } from '../../command-line/command';
import { dryRunFlag, projectFlag, serviceFlag, stageFlag } from '../../command-line/shared-flags';
import { Failure, UsageFailure } from '../../failures/failure';
import { dataOf, resultOf } from '../../output/event-text';

const DONE = 'sh.keptn.events.evaluation-done';

/** What the server waits at most in one request. */
const LONGEST_POLL = 30;
const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

export const startEvaluation = defineCommand({
  words: ['send', 'event', 'start-evaluation'],
  summary: 'Start the evaluation of a service in a stage, and wait for its result on request',
  details: 'Without --start, --end and --timeframe the last five minutes are evaluated. Times are UTC, without a zone.',
  flags: {
    project: projectFlag,
    stage: { ...stageFlag, required: true },
    service: { ...serviceFlag, required: true },
    timeframe: { value: 'minutes', summary: 'Length of the time to evaluate, e.g. 5m' },
    start: { value: 'time', summary: 'Its start, e.g. 2026-01-31T11:59:59' },
    end: { value: 'time', summary: 'Its end; not together with --timeframe' },
    labels: {
      short: 'l',
      value: 'key=value',
      many: true,
      summary: 'Labels, separated by commas or given several times',
    },
    wait: {
      value: 'duration',
      summary: 'Wait up to this long for the result, e.g. 10m; exit code 7 unless it is pass or warning',
    },
    dryRun: dryRunFlag,
  },
  examples: [
    {
      command: 'keptn send event start-evaluation --project=sockshop --stage=dev --service=carts --timeframe=5m',
      says: 'Evaluate the last five minutes',
    },
    {
      command:
        'keptn send event start-evaluation --project=sockshop --stage=dev --service=carts --wait=10m --labels=build=1.2.3',
      says: 'A quality gate in a pipeline: the exit code says whether it passed',
    },
  ],
  run: async ({ project, stage, service, labels, wait, dryRun, ...frame }, session) => {
    const seconds = wait === undefined ? undefined : secondsOf(wait);
    const server = await session.connect({ dryRun });
    session.output.say(
      `Starting to send a start-evaluation event to evaluate the service ${service} in project ${project} in stage ${stage}`,
    );
    const { keptnContext } = await server.controlPlane.startEvaluation(
      { project, stage, service },
      { ...frame, ...(labels.length > 0 && { labels: labelsOf(labels) }) },
    );
    session.output.say(`ID of Keptn context: ${keptnContext}`);
    if (seconds === undefined) {
      await session.output.done({ value: { keptnContext }, names: [keptnContext] });
    } else {
      await waitForResult({ keptnContext, seconds }, server, session);
    }
  },
});

/** @throws Failure when the evaluation does not pass, or does not end in time */
async function waitForResult(
  { keptnContext, seconds }: { keptnContext: string; seconds: number },
  { eventLog }: Server,
  { output }: Session,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  for (let left = seconds; left > 0; left = (deadline - Date.now()) / 1000) {
    const wait = `${Math.ceil(Math.min(left, LONGEST_POLL))}s`;
    const [event] = await eventLog.events({ keptnContext, type: DONE }, { pageSize: 1, pages: 1, wait });
    if (event !== undefined) {
      const result = resultOf(event);
      const score = scoreOf(event);
      await output.show({
        value: event,
        human: `Evaluation: ${result}${score === undefined ? '' : `, score ${score}`}`,
        names: [result],
      });
      if (result !== 'pass' && result !== 'warning') {
        throw new Failure('notPassed', `the evaluation did not pass: ${result}`, {
          hint: `See "keptn trace ${keptnContext}".`,
        });
      }
      return;
    }
  }
  throw new Failure('notFound', `there was no result within ${seconds} seconds`, {
    hint: `See "keptn trace ${keptnContext}".`,
  });
}

function scoreOf(event: JsonObject): string | undefined {
  const details = dataOf(event)['evaluationdetails'];
  const score = details !== undefined && isJsonObject(details) ? details['score'] : undefined;
  return score === undefined ? undefined : stringifyJson(score);
}

/** @throws UsageFailure */
function secondsOf(duration: string): number {
  const [, number, unit = ''] = /^(\d{1,6})([smh])$/.exec(duration) ?? [];
  if (number === undefined) {
    throw new UsageFailure(`"${duration}" is no duration`, 'Write it like 30s, 10m or 1h.');
  }
  return Number(number) * (UNIT_SECONDS[unit] ?? 1);
}

/** @throws UsageFailure */
export function labelsOf(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts
      .flatMap((text) => text.split(','))
      .map((label): [string, string] => {
        const [, key, value] = /^([^=]+)=(.*)$/.exec(label) ?? [];
        if (key === undefined || value === undefined) {
          throw new UsageFailure(`"${label}" is no label`, 'Labels look like build=1.2.3.');
        }
        return [key, value];
      }),
  );
}
