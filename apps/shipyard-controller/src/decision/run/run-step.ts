import { isJsonObject, KeptnEventType } from '@keptn/event-models';
import { approvalsOf, isApproving } from '../approval/approval-state';
import { before, type ContextEvent, fieldsOf, isAbout, isSameEvent, subjectOf, textOf } from '../context-event';
import { wantedImage } from '../delivery/artifact';
import { isReportedAs } from '../delivery/image-reference';
import { deploymentFailure } from '../execution/task-finished';
import { REAL_USER } from '../delivery/evaluation-target';
import { isClosing } from '../remediation/problem';
import { webAddressOf } from './web-address';

export type StepState = 'deploying' | 'testing' | 'evaluating' | 'awaiting approval' | 'remediating' | 'finished';

export interface Problem {
  readonly title: string;
  readonly state: 'open' | 'closed';
  readonly since: string;
  /** When it was first reported. */
  readonly openedAt: string;
  readonly url?: string;
  readonly entity?: string;
}

/** What happens to one service in one stage during a run. */
export interface Step {
  readonly stage: string;
  readonly service: string;
  readonly state: StepState;
  /** Time of the event that led to the state. */
  readonly since: string;
  readonly awaits?: string;
  readonly image?: string;
  readonly deployedAt?: string;
  /** Where people find what was deployed. */
  readonly deploymentURIPublic?: string;
  /** Of what was deployed; nothing is discarded that was promoted, nor the other way round. */
  readonly promotedAt?: string;
  readonly discardedAt?: string;
  readonly result?: string;
  readonly evaluatedAt?: string;
  readonly problem?: Problem;
  readonly action?: string;
  readonly message?: string;
}

/** A step, with the events whose answers it waits for, the latest first. */
export interface OpenStep extends Step {
  readonly leading: readonly ContextEvent[];
}

/** How an event changes the step that it is about; undefined when it does not. */
type Change = (step: OpenStep, event: ContextEvent, events: readonly ContextEvent[]) => OpenStep | undefined;

function moved(step: OpenStep, state: StepState, event: ContextEvent): OpenStep {
  return { ...step, state, since: event.time, leading: [event] };
}

const CHANGES: ReadonlyMap<string, Change> = new Map<string, Change>([
  [KeptnEventType.configurationChange, afterChange],
  [KeptnEventType.deploymentFinished, afterDeployment],
  [KeptnEventType.deliveryFinished, afterFailedDeployment],
  [KeptnEventType.testsFinished, (step, event) => moved(step, 'evaluating', event)],
  [KeptnEventType.startEvaluation, unlessOfRemediation((step, event) => moved(step, 'evaluating', event))],
  [KeptnEventType.getSli, (step, event) => ({ ...step, leading: [event, ...step.leading] })],
  [KeptnEventType.evaluationDone, unlessOfRemediation(afterEvaluation)],
  [KeptnEventType.approvalTriggered, afterApprovalTriggered],
  [KeptnEventType.approvalFinished, afterApprovalFinished],
  [KeptnEventType.problemOpen, afterProblem],
  [KeptnEventType.problem, afterProblem],
]);

export const STEP_TYPES: ReadonlySet<string> = new Set(CHANGES.keys());

/** @param events all of the context */
export function afterStepEvent(step: OpenStep, event: ContextEvent, events: readonly ContextEvent[]): OpenStep {
  return CHANGES.get(event.type)?.(step, event, events) ?? step;
}

function unlessOfRemediation(change: Change): Change {
  return (step, event, events) =>
    textOf(event, 'teststrategy') === REAL_USER ? undefined : change(step, event, events);
}

function afterChange(step: OpenStep, event: ContextEvent, events: readonly ContextEvent[]): OpenStep | undefined {
  const canary = fieldsOf(event)['canary'];
  const action = isJsonObject(canary) ? canary['action'] : undefined;
  if (action === 'promote' || action === 'discard') return afterCanary(step, action, event, events);
  const image = wantedImage(event);
  const { result: _result, ...rest } = moved(step, 'deploying', event);
  return { ...rest, ...(image !== '' && { image }) };
}

/** A canary that is promoted or discarded ends what its evaluation has decided. */
function afterCanary(
  step: OpenStep,
  action: 'discard' | 'promote',
  event: ContextEvent,
  events: readonly ContextEvent[],
): OpenStep | undefined {
  const { deployedAt, promotedAt, discardedAt } = step;
  if (deployedAt === undefined || (promotedAt ?? discardedAt) !== undefined) return undefined;
  if (action === 'promote') return { ...step, promotedAt: event.time };
  return isDeployedDirectly(event, events) ? undefined : { ...step, discardedAt: event.time };
}

/** What is deployed directly has no canary: nothing else runs to which a stage could go back. */
function isDeployedDirectly(event: ContextEvent, events: readonly ContextEvent[]): boolean {
  const deployment = before(event, events).findLast(
    (other) => other.type === KeptnEventType.deploymentFinished && isAbout(subjectOf(event), other),
  );
  return deployment !== undefined && textOf(deployment, 'deploymentstrategy').toLowerCase() === 'direct';
}

function afterDeployment(step: OpenStep, event: ContextEvent): OpenStep {
  const [image, tag] = [textOf(event, 'image'), textOf(event, 'tag')];
  const reported = tag === '' ? image : `${image}:${tag}`;
  const isWanted = step.image !== undefined && (image === '' || isReportedAs(step.image, { image, tag }));
  const deploymentURIPublic = webAddressOf(textOf(event, 'deploymentURIPublic'));
  const { promotedAt: _p, discardedAt: _d, deploymentURIPublic: _u, ...rest } = moved(step, 'testing', event);
  return {
    ...rest,
    ...(!isWanted && reported !== '' && { image: reported }),
    ...(deploymentURIPublic !== undefined && { deploymentURIPublic }),
    deployedAt: event.time,
  };
}

/** The receiver that was to deploy could not. */
function afterFailedDeployment(
  step: OpenStep,
  event: ContextEvent,
  events: readonly ContextEvent[],
): OpenStep | undefined {
  const message = deploymentFailure(event, events);
  return message === undefined ? undefined : { ...moved(step, 'finished', event), result: 'not deployed', message };
}

function afterEvaluation(step: OpenStep, event: ContextEvent): OpenStep {
  return { ...moved(step, 'finished', event), result: textOf(event, 'result'), evaluatedAt: event.time };
}

function afterApprovalTriggered(step: OpenStep, event: ContextEvent): OpenStep {
  const [image, tag] = [textOf(event, 'image'), textOf(event, 'tag')];
  return {
    ...moved(step, 'awaiting approval', event),
    ...(image !== '' && { image: tag === '' ? image : `${image}:${tag}` }),
  };
}

function afterApprovalFinished(step: OpenStep, event: ContextEvent, events: readonly ContextEvent[]) {
  const counts = approvalsOf(events).some(({ finished }) => finished !== undefined && isSameEvent(finished, event));
  if (!counts) return undefined;
  return isApproving(event)
    ? moved(step, 'deploying', event)
    : { ...moved(step, 'finished', event), result: 'declined' };
}

/** What closes a problem need not say again what it is. */
function afterProblem(step: OpenStep, event: ContextEvent): OpenStep {
  const { problem: before } = step;
  const isClosed = isClosing(event);
  const url = textOf(event, 'ProblemURL') || before?.url;
  const entity = textOf(event, 'ImpactedEntity') || before?.entity;
  const isKnown = before !== undefined && (isClosed || before.state === 'open');
  const problem: Problem = {
    title: textOf(event, 'ProblemTitle') || (before?.title ?? ''),
    state: isClosed ? 'closed' : 'open',
    since: event.time,
    openedAt: isKnown ? before.openedAt : event.time,
    ...(url !== undefined && { url }),
    ...(entity !== undefined && { entity }),
  };
  return { ...step, problem };
}
