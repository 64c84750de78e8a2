import { z } from 'zod';
import { stageName } from '../names/names';
import { eitherStyle, type Hint, type YamlFormat } from './yaml-file';

/** More stages than anybody promotes through; each stage becomes a branch. */
const STAGE_LIMIT = 100;

const requiredText = (field: string) =>
  z.string({ error: `${field} is required and must be text` }).min(1, `${field} must not be empty`);

const optionalText = z.string({ error: 'must be text' }).nullish();

const decision = z
  .preprocess(
    (value) => (typeof value === 'string' ? value.toLowerCase() : value),
    z.enum(['automatic', 'manual'], { error: 'must be "automatic" or "manual"' }).nullish(),
  )
  .transform((value) => value ?? 'automatic');

const manualEvaluation = z.enum(['promote', 'ignore'], { error: 'must be "promote" or "ignore"' });

const approvalStrategy = z.looseObject(
  { pass: decision, warning: decision },
  'must be a mapping with pass and warning',
);

const task = z.looseObject(
  {
    name: requiredText('the name of a task'),
    triggeredAfter: optionalText,
    properties: z.record(z.string(), z.unknown(), 'must be a mapping').nullish(),
  },
  'a task must be a mapping with a name',
);

const trigger = z.looseObject(
  {
    event: requiredText('the event of a trigger'),
    selector: z
      .looseObject({ match: z.record(z.string(), z.unknown(), 'must be a mapping').nullish() }, 'must be a mapping')
      .nullish(),
  },
  'a trigger must be a mapping with an event',
);

const sequence = z.looseObject(
  {
    name: requiredText('the name of a sequence'),
    triggeredOn: z.array(trigger, 'must be a list').nullish(),
    tasks: z.array(task, 'must be a list of tasks').nullish(),
  },
  'a sequence must be a mapping with a name',
);

/** Reports each name that an earlier item of the list has. */
function withoutDuplicates(kind: string) {
  return (items: readonly { readonly name: string }[], context: z.RefinementCtx) => {
    const seen = new Set<string>();
    items.forEach(({ name }, index) => {
      if (seen.has(name)) {
        const message = `the ${kind} "${name}" is given twice: names must be unique`;
        context.addIssue({ code: 'custom', message, path: [index, 'name'] });
      }
      seen.add(name);
    });
  };
}

const stage = z.looseObject(
  {
    name: stageName,
    deployment_strategy: optionalText,
    test_strategy: optionalText,
    remediation_strategy: optionalText,
    approval_strategy: approvalStrategy.nullish(),
    manual_evaluation: manualEvaluation.nullish(),
    sequences: z.array(sequence, 'must be a list of sequences').superRefine(withoutDuplicates('sequence')).nullish(),
  },
  'a stage must be a mapping with a name',
);

const stages = z
  .array(stage, 'stages is required and must be a list of stages')
  .min(1, 'at least one stage is required')
  .max(STAGE_LIMIT, `at most ${STAGE_LIMIT} stages are allowed`)
  .superRefine(withoutDuplicates('stage'));

/** The shipyard of Keptn 0.7 and before: stages with strategies. */
const strategyShipyard = z.looseObject({ stages });

/** The shipyard of `spec.keptn.sh/0.2.x`: stages with sequences of tasks. */
const sequenceShipyard = z.looseObject({
  apiVersion: z
    .string({ error: 'apiVersion is required and must be text such as "spec.keptn.sh/0.2.2"' })
    .regex(/^spec\.keptn\.sh\/0\.[12](?:\.\d+)?$/, 'must be "spec.keptn.sh/0.2.x", such as "spec.keptn.sh/0.2.2"'),
  kind: z.literal('Shipyard', { error: 'must be "Shipyard"' }).nullish(),
  metadata: z.looseObject({ name: optionalText }, 'must be a mapping').nullish(),
  spec: z.looseObject({ stages }, 'spec is required and must be a mapping with stages'),
});

export type ShipyardStageFile = z.infer<typeof stage>;

export interface ShipyardFile {
  readonly version: string;
  readonly stages: readonly ShipyardStageFile[];
  /** Where the stages are in the file. */
  readonly stagesPath: readonly string[];
}

/** Either style, as one model. */
const shipyardFile = eitherStyle(
  sequenceShipyard.transform(({ apiVersion, spec }): ShipyardFile => ({
    version: apiVersion,
    stages: spec.stages,
    stagesPath: ['spec', 'stages'],
  })),
  strategyShipyard.transform((file): ShipyardFile => ({ version: '0.1', stages: file.stages, stagesPath: ['stages'] })),
);

/** A sequence without tasks is read, and does nothing. */
function idleSequences({ stages, stagesPath }: ShipyardFile): readonly Hint[] {
  return stages.flatMap(({ sequences }, stage) =>
    (sequences ?? []).flatMap(({ name, tasks }, sequence) =>
      (tasks ?? []).length > 0
        ? []
        : [{ path: [...stagesPath, stage, 'sequences', sequence], message: `the sequence "${name}" has no tasks` }],
    ),
  );
}

export const SHIPYARD_FORMAT: YamlFormat<typeof shipyardFile> = {
  schema: shipyardFile,
  textFields: new Set([
    'apiVersion',
    'deployment_strategy',
    'event',
    'kind',
    'name',
    'remediation_strategy',
    'test_strategy',
    'triggeredAfter',
  ]),
  hints: idleSequences,
};
