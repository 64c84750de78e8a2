import { KeptnEventType, type Slo } from '@keptn/event-models';
import { type Evaluation, evaluationDoneOf, type EvaluationSubject, notEvaluated, oneLine } from '@keptn/quality-gate';
import { type Cause, type FollowUp, followUpId, type LoggedEvent } from '@keptn/service-kit/reacting';

/** Source of the events of evaluations. */
export const EVALUATION_SENDER = 'lighthouse-service';

/** `real-user` tests look at what users see, others at what was deployed last. */
export function deploymentOf({ deploymentstrategy, teststrategy }: EvaluationSubject): string {
  if (deploymentstrategy === '') return '';
  if (deploymentstrategy !== 'blue_green_service') return 'direct';
  return teststrategy === 'real-user' ? 'primary' : 'canary';
}

export interface SliQuestion {
  readonly provider: string;
  /** Undefined without an SLO file: a provider may create one. */
  readonly slo: Slo | undefined;
}

/** @param cause what started the evaluation */
export function getSli(cause: LoggedEvent, subject: EvaluationSubject, { provider, slo }: SliQuestion): FollowUp {
  return {
    cause,
    kind: 'get-sli',
    type: KeptnEventType.getSli,
    triggeredid: cause.id,
    data: {
      sliProvider: provider,
      ...subject,
      deployment: deploymentOf(subject),
      indicators: (slo?.objectives ?? []).map(({ sli }) => sli),
      customFilters: (slo?.filters ?? []).map(({ key, value }) => ({ key, value })),
    },
  };
}

/**
 * The one question of an evaluation, whether or not it was asked: all ends of the evaluation derive their id from it, so that only
 * the first one is stored.
 */
export function questionCause(cause: Cause): Cause {
  return { ...cause, id: followUpId(EVALUATION_SENDER, cause, 'get-sli'), source: EVALUATION_SENDER };
}

export interface EvaluationOutcome {
  readonly evaluation: Omit<Evaluation, 'result'> & { readonly result: string };
  /** Empty when there is none, or it cannot be read. */
  readonly sloText: string;
  /** Why the evaluation came out as it did; for people. */
  readonly reasons: readonly string[];
}

/** In bytes of JSON. The log takes events of 15 MiB, and without a verdict that it takes an evaluation would never end. */
const LARGEST_VERDICT = 14 * 1024 * 1024;

/**
 * @param question as of {@link questionCause}
 * @param startedBy id of the event that started the evaluation, when it is known
 */
export function evaluationDone(
  question: Cause,
  startedBy: string | undefined,
  subject: EvaluationSubject,
  outcome: EvaluationOutcome,
): FollowUp {
  const said = saidOf(subject, outcome);
  const isStorable = Buffer.byteLength(JSON.stringify(said)) <= LARGEST_VERDICT;
  return {
    cause: question,
    kind: 'evaluation-done',
    type: KeptnEventType.evaluationDone,
    ...(startedBy !== undefined && { triggeredid: startedBy }),
    ...(isStorable ? said : saidOf({ ...subject, labels: null }, TOO_LARGE)),
  };
}

function saidOf(subject: EvaluationSubject, { evaluation, sloText, reasons }: EvaluationOutcome) {
  return {
    data: evaluationDoneOf(subject, evaluation, sloText),
    ...(reasons.length > 0 && { extensions: { reason: reasons.map(oneLine).join('\n') } }),
  };
}

const TOO_LARGE_MESSAGE =
  'the verdict is larger than an event may be: give the SLO file fewer objectives, or the evaluation shorter labels';

const TOO_LARGE: EvaluationOutcome = {
  evaluation: notEvaluated('failed', TOO_LARGE_MESSAGE),
  sloText: '',
  reasons: [TOO_LARGE_MESSAGE],
};

export const evaluationDoneId = (question: Pick<Cause, 'id' | 'source'>): string =>
  followUpId(EVALUATION_SENDER, question, 'evaluation-done');
