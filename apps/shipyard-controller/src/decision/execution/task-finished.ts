import { isJsonObject, KeptnEventType, type Shipyard, type ShipyardStage } from '@keptn/event-models';
import { type ContextEvent, fieldsOf, labelsOf, mayBelongTo, subjectOf, textOf } from '../context-event';
import { type Decision, decided, EXECUTION, type FollowUp, nothing } from '../decision';
import { wantedImage } from '../delivery/artifact';
import { deployable, imageAndTag } from '../delivery/image-reference';
import { toSeconds } from '../to-seconds';
import { type TaskOutcome, outcomeIn } from './task-outcome';

/**
 * What a receiver has done becomes the event that an execution-plane service of Keptn 0.7 would have sent.
 *
 * @param finished event-broker reports how a receiver has answered
 * @param events of the context
 */
export function afterTask(finished: ContextEvent, events: readonly ContextEvent[], shipyard: Shipyard): Decision {
  const request = requestIn(finished, events);
  if (request === undefined)
    return nothing(`ignored: the project has no event ${finished.triggeredid ?? ''} in the context`);
  const outcome = outcomeIn(finished);
  switch (request.type) {
    case KeptnEventType.configurationChange:
      return afterDeployment(request, outcome, shipyard);
    case KeptnEventType.deploymentFinished:
      return decided(`${outcome.by} has tested: ${outcome.failure ?? 'passed'}`, [testsFinished(request, outcome)]);
    case KeptnEventType.actionTriggered:
      return decided(`${outcome.by} has acted: ${outcome.failure ?? 'done'}`, [actionFinished(request, outcome)]);
    default:
      return nothing(`nothing is waited for after ${request.type}`);
  }
}

/** Why a deployment failed, undefined when it did not, or when another task has finished. */
export function deploymentFailure(finished: ContextEvent, events: readonly ContextEvent[]): string | undefined {
  const request = requestIn(finished, events);
  if (request === undefined || !isNewArtifact(request)) return undefined;
  const { by, failure } = outcomeIn(finished);
  return failure && `not deployed by ${by}: ${failure}`;
}

/** The event that asked for the task. */
function requestIn(finished: ContextEvent, events: readonly ContextEvent[]): ContextEvent | undefined {
  return events.find((event) => event.id === finished.triggeredid && mayBelongTo(finished, event));
}

function isNewArtifact(event: ContextEvent): boolean {
  if (event.type !== KeptnEventType.configurationChange) return false;
  const canary = fieldsOf(event)['canary'];
  const action = isJsonObject(canary) ? canary['action'] : undefined;
  return action !== 'promote' && action !== 'discard';
}

function afterDeployment(change: ContextEvent, outcome: TaskOutcome, { stages }: Shipyard): Decision {
  if (!isNewArtifact(change)) return nothing('nothing is waited for after a canary is promoted or discarded');
  const { by, failure } = outcome;
  if (failure !== undefined) return nothing(`not deployed by ${by}: ${failure}`);
  const { stage: name } = subjectOf(change);
  // Without a stage it means the first one.
  const stage = name === '' ? stages[0] : stages.find((other) => other.name === name);
  if (stage === undefined) return nothing(`not tested: the shipyard has no stage ${name}`);
  return decided(`${by} has deployed into ${stage.name}`, [deploymentFinished(change, outcome, stage)]);
}

function deploymentFinished(change: ContextEvent, { answer }: TaskOutcome, stage: ShipyardStage): FollowUp {
  const wanted = wantedImage(change);
  const { image, tag = '' } = wanted === '' ? { image: '' } : imageAndTag(deployable({ image: wanted }));
  return {
    sender: EXECUTION,
    cause: change,
    kind: 'deployment-finished',
    type: KeptnEventType.deploymentFinished,
    data: {
      ...subjectOf(change),
      stage: stage.name,
      teststrategy: stage.testStrategy ?? '',
      deploymentstrategy: stage.deploymentStrategy ?? '',
      image,
      tag,
      labels: labelsOf(change),
      ...textsOf(answer, ['deploymentURILocal', 'deploymentURIPublic']),
    },
  };
}

function testsFinished(deployment: ContextEvent, outcome: TaskOutcome): FollowUp {
  const { answer, failure, startedAt, endedAt } = outcome;
  const { indicatorValues } = answer;
  return {
    sender: EXECUTION,
    cause: deployment,
    kind: 'tests-finished',
    type: KeptnEventType.testsFinished,
    data: {
      ...subjectOf(deployment),
      teststrategy: textOf(deployment, 'teststrategy'),
      deploymentstrategy: textOf(deployment, 'deploymentstrategy'),
      labels: labelsOf(deployment),
      start: toSeconds(new Date(startedAt)),
      end: toSeconds(new Date(endedAt)),
      ...textsOf(answer, ['start', 'end']),
      result: failure === undefined ? 'pass' : 'fail',
      ...(Array.isArray(indicatorValues) && { indicatorValues }),
    },
  };
}

function actionFinished(action: ContextEvent, { failure }: TaskOutcome): FollowUp {
  return {
    sender: EXECUTION,
    cause: action,
    kind: 'action.finished',
    type: KeptnEventType.actionFinished,
    triggeredid: action.id,
    data: {
      ...subjectOf(action),
      labels: labelsOf(action),
      // helm-service of 0.7 puts the reason of a failure where the result is.
      action: { result: failure ?? 'pass', status: failure === undefined ? 'succeeded' : 'errored' },
    },
  };
}

function textsOf(answer: TaskOutcome['answer'], names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = answer[name];
      return typeof value === 'string' && value !== '' ? [[name, value]] : [];
    }),
  );
}
