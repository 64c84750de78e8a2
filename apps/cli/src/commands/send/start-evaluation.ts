import { isJsonObject, type JsonObject, stringifyJson } from '@keptn/event-models/json';
import { type Server, type Session } from '../../command-line/session';
import { defineCommand } from '../../command-line/command';
import { evaluationFlags, labelsOf } from '../../command-line/evaluation-flags';
import { assertIdempotencyKey } from '../../command-line/idempotency-key';
import { dryRunFlag, projectFlag, serviceFlag, stageFlag } from '../../command-line/shared-flags';
import { awaitEvaluation } from '../../evaluation/await-evaluation';
import { Failure } from '../../failures/failure';
import { secondsOf } from '../../input/duration';
import { dataOf, resultOf } from '../../output/event-text';

export const startEvaluation = defineCommand({
  words: ['send', 'event', 'start-evaluation'],
  summary: 'Start the evaluation of a service in a stage, and wait for its result on request',
  details: 'Without --start, --end and --timeframe the last five minutes are evaluated. Times are UTC, without a zone.',
  flags: {
    project: projectFlag,
    stage: { ...stageFlag, required: true },
    service: { ...serviceFlag, required: true },
    ...evaluationFlags,
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
  run: async ({ project, stage, service, labels, idempotencyKey, wait, dryRun, ...frame }, session) => {
    assertIdempotencyKey(idempotencyKey);
    const seconds = wait === undefined ? undefined : secondsOf(wait);
    const server = await session.connect({ dryRun });
    session.output.say(
      `Starting to send a start-evaluation event to evaluate the service ${service} in project ${project} in stage ${stage}`,
    );
    const { keptnContext } = await server.controlPlane.startEvaluation(
      { project, stage, service },
      { ...frame, ...(labels.length > 0 && { labels: labelsOf(labels) }) },
      idempotencyKey,
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
  awaited: { readonly keptnContext: string; readonly seconds: number },
  server: Server,
  session: Session,
): Promise<void> {
  const event = await awaitEvaluation({ ...awaited, read: (done) => Promise.resolve(done) }, server, session);
  const result = resultOf(event);
  const score = scoreOf(event);
  await session.output.show({
    value: event,
    human: `Evaluation: ${result}${score === undefined ? '' : `, score ${score}`}`,
    names: [result],
  });
  if (result !== 'pass' && result !== 'warning') {
    throw new Failure('notPassed', `the evaluation did not pass: ${result}`, {
      hint: `See "keptn trace ${awaited.keptnContext}".`,
    });
  }
}

function scoreOf(event: JsonObject): string | undefined {
  const details = dataOf(event)['evaluationdetails'];
  const score = details !== undefined && isJsonObject(details) ? details['score'] : undefined;
  return score === undefined ? undefined : stringifyJson(score);
}
