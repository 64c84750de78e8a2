import { isJsonObject, KeptnEventType, type Shipyard } from '@keptn/event-models';
import { before, type ContextEvent, fieldsOf, isAbout, labelsOf, subjectOf, textOf } from '../context-event';

/** The test strategy of an evaluation that belongs to a remediation. */
export const REAL_USER = 'real-user';

/** The test strategy of an evaluation that somebody asked the API for. */
const MANUAL = 'manual';

/** The label by which an evaluation that was started by hand is to promote all the same, with the value `true`. */
export const PROMOTE_LABEL = 'promote';

function frameOf(event: ContextEvent): string {
  const details = fieldsOf(event)['evaluationdetails'];
  const { timeStart = '', timeEnd = '' } = isJsonObject(details) ? details : {};
  return JSON.stringify([timeStart, timeEnd]);
}

/** The event that asked for an evaluation: the one named, else the latest of its time frame, else the latest. */
function requestOf(evaluation: ContextEvent, earlier: readonly ContextEvent[]): ContextEvent | undefined {
  const requests = earlier.filter(
    (event) =>
      (event.type === KeptnEventType.testsFinished || event.type === KeptnEventType.startEvaluation) &&
      isAbout(subjectOf(evaluation), event) &&
      textOf(event, 'teststrategy') !== REAL_USER,
  );
  return (
    requests.find(({ id }) => id === evaluation.triggeredid) ??
    requests.findLast(
      (event) => JSON.stringify([textOf(event, 'start'), textOf(event, 'end')]) === frameOf(evaluation),
    ) ??
    requests.at(-1)
  );
}

/** Tests report their times in whole seconds. */
const SECOND_MS = 1000;

/** The deployment that tests ran on: the latest one that was there when they began. */
function deploymentOf(tests: ContextEvent | undefined, earlier: readonly ContextEvent[]): ContextEvent | undefined {
  const start = tests === undefined ? Number.NaN : Date.parse(textOf(tests, 'start'));
  const wasThere = ({ time }: ContextEvent) => Math.floor(Date.parse(time) / SECOND_MS) * SECOND_MS <= start;
  return earlier.findLast(wasThere) ?? earlier.at(-1);
}

/** What an evaluation-done is about. */
export type EvaluationTarget =
  | { readonly kind: 'by hand' }
  | { readonly kind: 'deployment'; readonly deployment: ContextEvent }
  /** The evaluation comes from outside, and the context knows no deployment for it. */
  | { readonly kind: 'unknown' };

export function targetOf(
  evaluation: ContextEvent,
  events: readonly ContextEvent[],
  { stages }: Shipyard,
): EvaluationTarget {
  const earlier = before(evaluation, events);
  const request = requestOf(evaluation, earlier);
  const isByHand = request?.type === KeptnEventType.startEvaluation || textOf(evaluation, 'teststrategy') === MANUAL;
  const stage = stages.find(({ name }) => name === subjectOf(evaluation).stage);
  const isMeantToPromote = labelsOf(evaluation)?.[PROMOTE_LABEL] === 'true' || stage?.manualEvaluation === 'promote';
  if (isByHand && !isMeantToPromote) return { kind: 'by hand' };
  const tests = request?.type === KeptnEventType.testsFinished ? request : undefined;
  const deployments = (tests === undefined ? earlier : before(tests, events)).filter(
    (event) => event.type === KeptnEventType.deploymentFinished && isAbout(subjectOf(evaluation), event),
  );
  const deployment = deploymentOf(tests, deployments);
  return deployment === undefined ? { kind: 'unknown' } : { kind: 'deployment', deployment };
}

/** The evaluation-done that evaluated the same target before this one; the first one of a deployment counts. */
export function earlierEvaluation(
  evaluation: ContextEvent,
  target: EvaluationTarget,
  events: readonly ContextEvent[],
  shipyard: Shipyard,
): ContextEvent | undefined {
  return before(evaluation, events).find((event) => {
    if (event.type !== KeptnEventType.evaluationDone || !isAbout(subjectOf(evaluation), event)) return false;
    if (textOf(event, 'teststrategy') === REAL_USER) return false;
    return isSame(targetOf(event, events, shipyard), target);
  });
}

function isSame(one: EvaluationTarget, other: EvaluationTarget): boolean {
  if (one.kind === 'deployment' && other.kind === one.kind) return one.deployment.id === other.deployment.id;
  return one.kind === other.kind;
}
