import { z } from 'zod';
import { eitherStyle, type YamlFormat } from './yaml-file';

const actionName = z
  .string({ error: 'action is required: what to do, such as "scaling"' })
  .min(1, 'action must not be empty');

const optionalText = z.string({ error: 'must be text' }).nullish();

/** The value of an action becomes a part of an event, which may be nested 96 levels deep in all. */
const DEEPEST_VALUE = 50;

const isNestedWithin = (value: unknown, levels: number): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (levels > 0 && Object.values(value).every((part) => isNestedWithin(part, levels - 1)));

const specAction = z.looseObject(
  {
    action: actionName,
    name: optionalText,
    description: optionalText,
    value: z
      .unknown()
      .refine((value) => isNestedWithin(value, DEEPEST_VALUE), `must not be nested deeper than ${DEEPEST_VALUE} levels`)
      .optional(),
    /** Not in the specification: how long to wait after this action, instead of the setting for all. */
    waitTime: optionalText,
  },
  'an action must be a mapping with action',
);

const specRemediation = z.looseObject(
  {
    /** An empty one matches every problem. */
    problemType: z.string({ error: 'problemType is required: how the title of a problem begins, or "default"' }),
    actionsOnOpen: z.array(specAction, 'actionsOnOpen is required and must be a list of actions'),
  },
  'a remediation must be a mapping with problemType and actionsOnOpen',
);

/** `remediation.yaml` of `spec.keptn.sh/0.1.4`. */
export const remediationFile = z
  .looseObject({
    apiVersion: z
      .string({ error: 'apiVersion is required and must be text such as "spec.keptn.sh/0.1.4"' })
      .regex(/^spec\.keptn\.sh\/0\.\d+(?:\.\d+)?$/, 'must be "spec.keptn.sh/0.1.x", such as "spec.keptn.sh/0.1.4"'),
    kind: z.literal('Remediation', { error: 'must be "Remediation"' }).nullish(),
    metadata: z.looseObject({ name: optionalText }, 'must be a mapping').nullish(),
    spec: z.looseObject(
      { remediations: z.array(specRemediation, 'remediations is required and must be a list') },
      'spec is required and must be a mapping with remediations',
    ),
  })
  .meta({ id: 'RemediationFile', description: 'Actions against problems (remediation.yaml)' });
export type RemediationFile = z.infer<typeof remediationFile>;

const simpleRemediation = z.looseObject(
  {
    name: z.string({ error: 'name is required: the title of a problem' }).min(1, 'name must not be empty'),
    actions: z.array(
      z.looseObject({ action: actionName, value: z.unknown().optional() }, 'an action must be a mapping with action'),
      'actions is required and must be a list of actions',
    ),
  },
  'a remediation must be a mapping with name and actions',
);

/** `remediation.yaml` from before there was an `apiVersion`. */
const simpleRemediationFile = z
  .looseObject({ remediations: z.array(simpleRemediation, 'remediations is required and must be a list') })
  .meta({ id: 'SimpleRemediationFile', description: 'Actions against problems, in the older form without apiVersion' });
export type SimpleRemediationFile = z.infer<typeof simpleRemediationFile>;

const eitherRemediation = eitherStyle(remediationFile, simpleRemediationFile);

export const REMEDIATION_FORMAT: YamlFormat<typeof eitherRemediation> = {
  schema: eitherRemediation,
  textFields: new Set(['action', 'apiVersion', 'description', 'kind', 'name', 'problemType', 'waitTime']),
};
