import { isJsonObject, KeptnEventType } from '@keptn/event-models';
import { approvalsOf } from '../approval/approval-state';
import { awaitedAfter } from '../awaited';
import { type ContextEvent, fieldsOf, labelsOf, mayBelongTo, type Subject, subjectOf, textOf } from '../context-event';
import { type RemediationRun, remediationRuns } from '../remediation/remediation-run';
import { bounded } from './bounded';
import { withStages } from './first-stage';
import { afterStepEvent, type OpenStep, type Step, STEP_TYPES } from './run-step';

export type RunKind = 'delivery' | 'evaluation' | 'remediation';

export interface OpenApproval extends Subject {
  readonly eventId: string;
  readonly keptnContext: string;
  readonly image?: string;
  readonly result: string;
  readonly since: string;
}

/** Everything that happens in one Keptn context, as people look at it. */
export interface Run {
  readonly keptnContext: string;
  readonly kind: RunKind;
  readonly project: string;
  readonly startedAt: string;
  readonly updatedAt: string;
  readonly isOpen: boolean;
  /** As `key=value`. */
  readonly labels: readonly string[];
  readonly images: readonly string[];
  readonly steps: readonly Step[];
  readonly openApprovals: readonly OpenApproval[];
}

const REMEDIATION_TYPES = [
  KeptnEventType.remediationTriggered,
  KeptnEventType.remediationStatusChanged,
  KeptnEventType.remediationFinished,
  KeptnEventType.actionTriggered,
  KeptnEventType.actionStarted,
  KeptnEventType.actionFinished,
];

/** The types of events after which a run is another one. */
export const RUN_TYPES: ReadonlySet<string> = new Set([...STEP_TYPES, KeptnEventType.getSliDone, ...REMEDIATION_TYPES]);

/**
 * The run of a context, undefined when nothing is run in it.
 *
 * @param events all of the context, in the order of the log
 * @param firstStage of its project; empty when it is not known, which only matters to {@link needsFirstStage}
 */
export function runOf(events: readonly ContextEvent[], firstStage = ''): Run | undefined {
  const first = events.find(({ type }) => RUN_TYPES.has(type));
  // A run is of one project, whoever sends events of another one into its context.
  const ofRun = events.filter((event) => RUN_TYPES.has(event.type) && first && mayBelongTo(event, first));
  const last = ofRun.at(-1);
  if (first?.shkeptncontext === undefined || last === undefined) return undefined;
  const steps = stepsOf(withStages(ofRun, firstStage));
  return bounded({
    keptnContext: first.shkeptncontext,
    kind: kindOf(first),
    project: subjectOf(first).project,
    startedAt: first.time,
    updatedAt: last.time,
    isOpen: steps.some(({ state }) => state !== 'finished'),
    labels: [...new Set(ofRun.flatMap(labelTexts))],
    images: [...new Set(steps.flatMap(({ image }) => (image === undefined ? [] : [image])))],
    steps,
    openApprovals: openApprovalsOf(ofRun),
  });
}

/** Whether the events of a run leave open in which stage something happens, so that only the shipyard can say. */
export const needsFirstStage = ({ steps }: Run): boolean => steps.some(({ stage }) => stage === '');

function kindOf({ type }: ContextEvent): RunKind {
  if (type === KeptnEventType.problemOpen || type === KeptnEventType.problem) return 'remediation';
  return type === KeptnEventType.startEvaluation ? 'evaluation' : 'delivery';
}

function labelTexts(event: ContextEvent): readonly string[] {
  return Object.entries(labelsOf(event) ?? {}).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${key}=${value}`] : [],
  );
}

function stepsOf(events: readonly ContextEvent[]): readonly Step[] {
  const steps = new Map<string, OpenStep>();
  for (const event of events) {
    if (!STEP_TYPES.has(event.type)) continue;
    const { stage, service } = subjectOf(event);
    const key = keyOf(stage, service);
    const step = steps.get(key) ?? { stage, service, state: 'finished', since: event.time, leading: [] };
    steps.set(key, afterStepEvent(step, event, events));
  }
  const remediations = remediationRuns(events);
  return [...steps.values()].map((step) => {
    const run = remediations.find(({ triggered }) => isOfStep(step, triggered));
    return withWhatItAwaits(run === undefined ? step : withRemediation(step, run), events);
  });
}

const keyOf = (stage: string, service: string): string => JSON.stringify([stage, service]);

function isOfStep(step: Step, event: ContextEvent): boolean {
  const { stage, service } = subjectOf(event);
  return step.stage === stage && step.service === service;
}

function withRemediation(step: OpenStep, { phase, steps }: RemediationRun): OpenStep {
  const action = actionOf(steps.at(-1));
  const found = { ...step, ...(action !== '' && { action }), since: phase.event.time };
  if (phase.name === 'finished') return { ...found, ...endOf(phase.event), state: 'finished', leading: [] };
  if (phase.name === 'waiting')
    return { ...found, state: 'remediating', awaits: 'the end of the wait time', leading: [] };
  return { ...found, state: phase.name === 'evaluating' ? 'evaluating' : 'remediating', leading: [phase.event] };
}

function actionOf(step: ContextEvent | undefined): string {
  const remediation = step && fieldsOf(step)['remediation'];
  const result = isJsonObject(remediation) ? remediation['result'] : undefined;
  const name = isJsonObject(result) ? result['actionName'] : undefined;
  return typeof name === 'string' ? name : '';
}

function endOf(finished: ContextEvent) {
  const remediation = fieldsOf(finished)['remediation'];
  const { result, message } = isJsonObject(remediation) ? remediation : {};
  return {
    ...(typeof result === 'string' && { result }),
    ...(typeof message === 'string' && { message }),
  };
}

function withWhatItAwaits({ leading, ...step }: OpenStep, events: readonly ContextEvent[]): Step {
  if (step.state === 'finished') return step;
  const awaits = leading.map((event) => awaitedAfter(event, events)).find((text) => text !== undefined);
  return awaits === undefined ? step : { ...step, awaits };
}

function openApprovalsOf(events: readonly ContextEvent[]): readonly OpenApproval[] {
  return approvalsOf(events)
    .filter(({ finished }) => finished === undefined)
    .map(({ triggered }) => {
      const [image, tag] = [textOf(triggered, 'image'), textOf(triggered, 'tag')];
      return {
        eventId: triggered.id,
        keptnContext: triggered.shkeptncontext ?? '',
        ...subjectOf(triggered),
        ...(image !== '' && { image: tag === '' ? image : `${image}:${tag}` }),
        result: textOf(triggered, 'result'),
        since: triggered.time,
      };
    });
}
