import { KeptnEventType, type Shipyard, type ShipyardStage } from '@keptn/event-models';
import { type ContextEvent, labelsOf, subjectOf, textOf } from '../context-event';
import { type Decision, decided, type FollowUp, GATEKEEPER, nothing } from '../decision';
import { artifactOf } from './artifact';
import { earlierEvaluation, type EvaluationTarget, PROMOTE_LABEL, REAL_USER, targetOf } from './evaluation-target';
import { deployable, imageAndTag } from './image-reference';

/** What is known of the chart of a service in a stage. */
export type Chart = { readonly image?: string } | 'absent';

/** What the context and the shipyard say of an evaluation. */
export interface EvaluationSituation {
  readonly shipyard: Shipyard;
  /** Of the context, up to the evaluation-done and with it. */
  readonly events: readonly ContextEvent[];
  readonly target: EvaluationTarget;
  /** Reference of the image that the stage runs; undefined when the context does not say. */
  readonly artifact: string | undefined;
}

/** @param events of the context, up to the evaluation-done and with it */
export function situationOf(
  evaluation: ContextEvent,
  events: readonly ContextEvent[],
  shipyard: Shipyard,
): EvaluationSituation {
  const target = targetOf(evaluation, events, shipyard);
  return {
    shipyard,
    events,
    target,
    artifact: artifactOf(subjectOf(evaluation), deploymentIn(target), events, shipyard),
  };
}

/** Whether the context leaves open what is deployed, so that only the chart can say. */
export function needsChart(evaluation: ContextEvent, { target, artifact }: EvaluationSituation): boolean {
  if (!isPassed(evaluation) || target.kind === 'by hand' || textOf(evaluation, 'teststrategy') === REAL_USER)
    return false;
  return artifact === undefined;
}

/**
 * What follows for the delivery of an artifact from its evaluation.
 *
 * @param chart of the service in the stage; looked at only where it {@link needsChart}
 */
export function afterEvaluation(evaluation: ContextEvent, situation: EvaluationSituation, chart: Chart): Decision {
  const { shipyard, target } = situation;
  const { stage } = subjectOf(evaluation);
  if (textOf(evaluation, 'teststrategy') === REAL_USER) {
    return nothing('not promoted: the evaluation with teststrategy real-user belongs to a remediation');
  }
  const next = stageAfter(stage, shipyard);
  const obstacle = obstacleOf(evaluation, next, situation);
  if (obstacle !== undefined) return nothing(`not promoted: ${obstacle}`);

  if (!isPassed(evaluation)) return afterFailure(evaluation, target);
  const deployment = deploymentIn(target);
  const artifact = situation.artifact ?? (chart === 'absent' ? undefined : chart.image);
  if (deployment === undefined && artifact === undefined && chart === 'absent') {
    return nothing(
      `not promoted: nothing says what is deployed: ${stage} has neither a deployment-finished nor a chart`,
    );
  }
  return promotion(evaluation, { cause: deployment ?? evaluation, next, artifact });
}

function deploymentIn(target: EvaluationTarget): ContextEvent | undefined {
  return target.kind === 'deployment' ? target.deployment : undefined;
}

function stageAfter(stage: string, { stages }: Shipyard): ShipyardStage | undefined {
  const index = stages.findIndex(({ name }) => name === stage);
  return index === -1 ? undefined : stages[index + 1];
}

function isPassed(evaluation: ContextEvent): boolean {
  return ['pass', 'warning'].includes(textOf(evaluation, 'result'));
}

function obstacleOf(
  evaluation: ContextEvent,
  next: ShipyardStage | undefined,
  { shipyard, events, target }: EvaluationSituation,
): string | undefined {
  if (shipyard.version !== '0.1' && shipyard.stages.some(({ sequences }) => sequences.length > 0)) {
    return `the shipyard of ${shipyard.version} has sequences, which are not run yet`;
  }
  if (next !== undefined && next.deploymentStrategy === undefined) return `${next.name} has no deployment_strategy`;
  if (target.kind === 'by hand') {
    return `the evaluation was started by hand; with the label ${PROMOTE_LABEL}=true, or manual_evaluation: promote of its stage, it would promote`;
  }
  const earlier = earlierEvaluation(evaluation, target, events, shipyard);
  return earlier && `the deployment was judged before, by evaluation-done ${earlier.id}`;
}

function resultOf(evaluation: ContextEvent): string {
  return textOf(evaluation, 'result') || 'without a result';
}

function afterFailure(evaluation: ContextEvent, target: EvaluationTarget): Decision {
  const because = `not promoted: the evaluation is ${resultOf(evaluation)}`;
  if (textOf(evaluation, 'deploymentstrategy').toLowerCase() !== 'blue_green_service') return nothing(because);
  const cause = deploymentIn(target) ?? evaluation;
  return decided(`${because}, so the canary is discarded`, [canaryChange(evaluation, cause, 'discard')]);
}

function canaryChange(evaluation: ContextEvent, cause: ContextEvent, action: 'promote' | 'discard'): FollowUp {
  return {
    sender: GATEKEEPER,
    cause,
    kind: 'canary',
    type: KeptnEventType.configurationChange,
    data: { ...subjectOf(evaluation), canary: { action }, labels: labelsOf(evaluation) },
  };
}

interface Promotion {
  readonly cause: ContextEvent;
  readonly next: ShipyardStage | undefined;
  readonly artifact: string | undefined;
}

function promotion(evaluation: ContextEvent, { cause, next, artifact }: Promotion): Decision {
  const { stage } = subjectOf(evaluation);
  const promoted = canaryChange(evaluation, cause, 'promote');
  const because = `the evaluation of ${stage} is ${resultOf(evaluation)}`;
  if (next === undefined) return decided(`${because}; no stage comes after it`, [promoted]);
  const data = { ...subjectOf(evaluation), stage: next.name, labels: labelsOf(evaluation) };
  // Of both kinds one is sent at most, also when the shipyard changes meanwhile.
  const followUp = { sender: GATEKEEPER, cause, kind: 'next stage' } as const;
  if (next.approvalStrategy === undefined) {
    return decided(`${because}; ${next.name} needs no approval`, [
      promoted,
      { ...followUp, type: KeptnEventType.configurationChange, data: { ...data, ...newArtifact(artifact) } },
    ]);
  }
  return decided(`${because}; ${next.name} has an approval_strategy`, [
    promoted,
    {
      ...followUp,
      type: KeptnEventType.approvalTriggered,
      data: {
        ...data,
        teststrategy: textOf(evaluation, 'teststrategy'),
        deploymentstrategy: textOf(evaluation, 'deploymentstrategy'),
        ...(artifact === undefined ? {} : imageAndTag(artifact)),
        result: textOf(evaluation, 'result'),
      },
    },
  ]);
}

/** @param reference absent when nothing says which image it is: then the stage gets what its chart has */
export function newArtifact(reference: string | undefined) {
  return {
    ...(reference !== undefined && { valuesCanary: { image: deployable({ image: reference }) } }),
    canary: { action: 'set', value: 100 },
  };
}
