import { type JsonObject } from '@keptn/event-models/json';
import { defineCommand, type FlagTable, type InputOf } from '../../command-line/command';
import { evaluationFlags, labelsOf } from '../../command-line/evaluation-flags';
import { assertIdempotencyKey } from '../../command-line/idempotency-key';
import { type Session } from '../../command-line/session';
import { anyProjectFlag, dryRunFlag, serviceFlag, stageFlag } from '../../command-line/shared-flags';
import { awaitEvaluation } from '../../evaluation/await-evaluation';
import { type GivenValue, givenValues } from '../../evaluation/given-values';
import { showEvaluation } from '../../evaluation/show-evaluation';
import { UsageFailure } from '../../failures/failure';
import { secondsOf } from '../../input/duration';
import { readInput } from '../../input/read-input';
import { decodeText } from '../../input/text';
import { idOf } from '../../output/event-text';

/** As long as the server gives an SLI provider. */
const STANDARD_TIMEOUT = '15m';

const flags = {
  project: { ...anyProjectFlag, summary: 'Name of the project' },
  stage: stageFlag,
  service: serviceFlag,
  ...evaluationFlags,
  values: {
    value: 'file',
    completes: 'file',
    summary: 'Evaluate the values in this JSON or YAML file, and ask no SLI provider; - for stdin',
  },
  slo: {
    value: 'file',
    completes: 'file',
    summary: 'Evaluate --values by this SLO file, without a server and without earlier results',
  },
  wait: { summary: 'Wait for the result; exit code 0 for pass, 7 for fail, 8 for warning' },
  timeout: { value: 'duration', summary: `How long to wait, e.g. 30s; ${STANDARD_TIMEOUT} unless given` },
  output: {
    short: 'o',
    value: 'format',
    choices: ['table', 'json', 'yaml', 'name', 'junit', 'markdown'],
    summary: 'Format of the result: also JUnit for CI servers, and Markdown for comments',
  },
  dryRun: dryRunFlag,
} as const satisfies FlagTable;

type Input = InputOf<Readonly<Record<symbol, never>>, typeof flags>;

export const evaluate = defineCommand({
  words: ['evaluate'],
  summary: 'Evaluate a service in a stage: a quality gate for pipelines',
  details:
    'Without --start, --end and --timeframe the last five minutes are evaluated. Times are UTC, without a zone. ' +
    'With --slo and --values nothing is sent anywhere.',
  flags,
  examples: [
    {
      command: 'keptn evaluate --project=sockshop --stage=dev --service=carts --timeframe=5m --wait',
      says: 'Evaluate the last five minutes, and show the result',
    },
    {
      command: 'keptn evaluate --project=sockshop --stage=dev --service=carts --wait --idempotency-key=$CI_JOB_ID',
      says: 'In a job that is tried again: the evaluation of the first attempt goes on counting',
    },
    {
      command:
        'keptn evaluate --project=sockshop --stage=dev --service=carts --values=values.json --wait -o junit >gate.xml',
      says: 'Evaluate figures of a pipeline, for the test report of a CI server',
    },
    { command: 'keptn evaluate --slo=slo.yaml --values=values.json', says: 'Try an SLO file without a server' },
  ],
  run: (input, session) => (input.slo === undefined ? onServer(input, session) : byFiles(input, session)),
});

/** @throws Failure unless the evaluation passes */
async function byFiles({ slo = '', values: file, ...names }: Input, session: Session): Promise<void> {
  if (file === undefined) {
    throw new UsageFailure('--slo needs --values', 'For past evaluations there is "keptn preview evaluations".');
  }
  const [sloText, values] = await Promise.all([readText(slo, session), readValues(file, session)]);
  const { evaluateFiles } = await import('../../evaluation/evaluate-files');
  const { project = 'project', stage = 'stage', service = 'service' } = names;
  const gate = evaluateFiles({ sloText, sloFile: slo, values }, { project, stage, service }, (sentence) => {
    session.output.warn(sentence);
  });
  await showEvaluation(gate, { output: session.output, names: [gate.result] });
}

/** @throws Failure unless the evaluation is started, and passes when it is waited for */
async function onServer(input: Input, session: Session): Promise<void> {
  const { output } = session;
  const { values: file, wait, labels, dryRun, timeframe, start, end, idempotencyKey } = input;
  assertIdempotencyKey(idempotencyKey);
  const names = namesOf(input);
  const seconds = secondsOf(input.timeout ?? STANDARD_TIMEOUT);
  if (!wait && (input.output === 'junit' || input.output === 'markdown')) {
    throw new UsageFailure(`-o ${input.output} shows a result`, 'Add --wait.');
  }
  const indicatorValues = file === undefined ? undefined : await readValues(file, session);
  const server = await session.connect({ dryRun });
  const { keptnContext } = await server.controlPlane.startEvaluation(
    names,
    {
      ...{ timeframe, start, end },
      ...(labels.length > 0 && { labels: labelsOf(labels) }),
      ...(indicatorValues !== undefined && { indicatorValues }),
    },
    idempotencyKey,
  );
  output.say(`ID of Keptn context: ${keptnContext}`);
  if (!wait) {
    await output.done({ value: { keptnContext }, names: [keptnContext] });
    return;
  }
  const read = (done: JsonObject) => server.lighthouse.evaluation(idOf(done));
  const gate = await awaitEvaluation({ keptnContext, seconds, read }, server, session);
  await showEvaluation(gate, { output, names: [`evaluation/${gate.id}`] });
}

/** @throws UsageFailure */
function namesOf({ project, stage, service }: Input) {
  if (project !== undefined && stage !== undefined && service !== undefined) return { project, stage, service };
  const missing = Object.entries({ project, stage, service }).flatMap(([name, value]) =>
    value === undefined ? [`--${name}`] : [],
  );
  throw new UsageFailure(`${missing.join(' and ')} missing`, 'See "keptn evaluate --help".');
}

const readText = async (file: string, { signal }: Session): Promise<string> =>
  decodeText(await readInput(file, signal), file);

const readValues = async (file: string, session: Session): Promise<GivenValue[]> =>
  givenValues(await readText(file, session), file);
