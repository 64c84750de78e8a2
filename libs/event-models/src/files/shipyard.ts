import { type StageName } from '../names/names';
import { base64Content, decodeBase64Content } from '../names/base64-content';
import { describeFinding, type Finding } from './finding';
import { SHIPYARD_FORMAT, type ShipyardStageFile } from './shipyard.schema';
import { readYamlFile, YAML_SIZE_LIMIT } from './yaml-file';

export interface ShipyardTask {
  readonly name: string;
  /** How long after the preceding task, such as `15m`. */
  readonly triggeredAfter?: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface ShipyardTrigger {
  readonly event: string;
  /** Values that the data of the event must have, by path. */
  readonly match: Readonly<Record<string, unknown>>;
}

export interface ShipyardSequence {
  readonly name: string;
  readonly triggeredOn: readonly ShipyardTrigger[];
  readonly tasks: readonly ShipyardTask[];
}

export type ApprovalDecision = 'automatic' | 'manual';

export interface ShipyardStage {
  readonly name: StageName;
  readonly deploymentStrategy?: string;
  readonly testStrategy?: string;
  readonly remediationStrategy?: string;
  /** Whether an evaluation that somebody starts by hand promotes as that of a deployment does. */
  readonly manualEvaluation?: 'promote';
  /** Absent when releases into the stage need no approval. */
  readonly approvalStrategy?: { readonly pass: ApprovalDecision; readonly warning: ApprovalDecision };
  /** Empty in the style with strategies. */
  readonly sequences: readonly ShipyardSequence[];
}

export interface Shipyard {
  /** `apiVersion` of the file, such as `spec.keptn.sh/0.2.2`; `0.1` for the style with strategies. */
  readonly version: string;
  /** In the order of promotion; at least one. */
  readonly stages: readonly ShipyardStage[];
  /** The text that it was read from. */
  readonly source: string;
}

/** A shipyard that cannot be used. The message names line, column and field of the first fault. */
export class InvalidShipyard extends Error {
  override readonly name = 'InvalidShipyard';

  /** @param findings all faults, in the order of the file's structure */
  constructor(
    message: string,
    readonly findings: readonly Finding[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

function sequencesOf(stage: ShipyardStageFile): readonly ShipyardSequence[] {
  return (stage.sequences ?? []).map(({ name, triggeredOn, tasks }) => ({
    name,
    triggeredOn: (triggeredOn ?? []).map(({ event, selector }) => ({ event, match: selector?.match ?? {} })),
    tasks: (tasks ?? []).map((task) => ({
      name: task.name,
      ...(task.triggeredAfter ? { triggeredAfter: task.triggeredAfter } : {}),
      properties: task.properties ?? {},
    })),
  }));
}

function stageOf(stage: ShipyardStageFile): ShipyardStage {
  const approval = stage.approval_strategy;
  return {
    name: stage.name,
    ...(stage.deployment_strategy ? { deploymentStrategy: stage.deployment_strategy } : {}),
    ...(stage.test_strategy ? { testStrategy: stage.test_strategy } : {}),
    ...(stage.remediation_strategy ? { remediationStrategy: stage.remediation_strategy } : {}),
    ...(stage.manual_evaluation === 'promote' ? { manualEvaluation: stage.manual_evaluation } : {}),
    ...(approval ? { approvalStrategy: { pass: approval.pass, warning: approval.warning } } : {}),
    sequences: sequencesOf(stage),
  };
}

/**
 * Reads a shipyard, in the style with strategies (`stages:`) or the one of `spec.keptn.sh/0.2.x` (`spec: stages:`).
 * @param text YAML, at most 1 MiB
 * @throws InvalidShipyard
 */
export function parseShipyard(text: string): Shipyard {
  const { value, findings } = readYamlFile(text, SHIPYARD_FORMAT);
  if (value === undefined) {
    const first = findings[0];
    throw new InvalidShipyard(first === undefined ? 'shipyard is not valid' : describeFinding(first), findings);
  }
  return { version: value.version, stages: value.stages.map(stageOf), source: text };
}

const encodedShipyard = base64Content({ maxBytes: YAML_SIZE_LIMIT });
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads the shipyard of a request, which is base64 of its YAML.
 * @throws InvalidShipyard also for what is not base64 of UTF-8 text
 */
export function decodeShipyard(base64: string): Shipyard {
  const content = encodedShipyard.safeParse(base64);
  if (!content.success) throw new InvalidShipyard(`shipyard: ${content.error.issues[0]?.message ?? 'not valid'}`);
  let text: string;
  try {
    text = utf8.decode(decodeBase64Content(content.data));
  } catch (error) {
    throw new InvalidShipyard('shipyard: content must be UTF-8 text', [], { cause: error });
  }
  return parseShipyard(text);
}
