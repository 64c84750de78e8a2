import { z } from 'zod';

/** A filter of the CloudEvents Subscriptions API 1.0, section 3.2.4; several dialects in one must all hold. */
export interface SubscriptionFilter {
  readonly exact?: Readonly<Record<string, string>> | undefined;
  readonly prefix?: Readonly<Record<string, string>> | undefined;
  readonly suffix?: Readonly<Record<string, string>> | undefined;
  readonly all?: readonly SubscriptionFilter[] | undefined;
  readonly any?: readonly SubscriptionFilter[] | undefined;
  readonly not?: SubscriptionFilter | undefined;
}

const NAME_LIMIT = 256;
const VALUE_LIMIT = 1_024;
const MOST_NAMES = 32;
const MOST_FILTERS = 32;
/** Of filters in filters. */
const DEEPEST = 5;

const comparison = z
  .record(z.string().min(1).max(NAME_LIMIT), z.string().max(VALUE_LIMIT))
  .refine((map) => Object.keys(map).length >= 1 && Object.keys(map).length <= MOST_NAMES, {
    error: `{field} must name 1 to ${MOST_NAMES} attributes`,
  });

/** Filters are nested in the schema as deep as they may be, so that the OpenAPI document needs no recursion. */
function filterSchema(levels: number): z.ZodType<SubscriptionFilter> {
  const comparisons = {
    exact: comparison.optional().meta({ description: 'Attributes with exactly these values' }),
    prefix: comparison.optional().meta({ description: 'Attributes that begin so' }),
    suffix: comparison.optional().meta({ description: 'Attributes that end so' }),
  };
  if (levels === 0) return nonEmpty(z.strictObject(comparisons));
  const inner = filterSchema(levels - 1);
  const several = z.array(inner).min(1).max(MOST_FILTERS);
  return nonEmpty(
    z.strictObject({
      ...comparisons,
      all: several.optional().meta({ description: 'All of these hold' }),
      any: several.optional().meta({ description: 'One of these holds' }),
      not: inner.optional().meta({ description: 'This does not hold' }),
    }),
  );
}

const nonEmpty = <Schema extends z.ZodType<SubscriptionFilter>>(schema: Schema) =>
  schema.refine((filter) => Object.values(filter).some((dialect) => dialect !== undefined), {
    error: '{field} must have at least one of exact, prefix, suffix, all, any and not',
  });

export const subscriptionFilters = z
  .array(filterSchema(DEEPEST - 1))
  .max(MOST_FILTERS)
  .meta({
    description:
      'All must hold. Names are those of attributes, such as `source`, or of fields of the data, such as `data.labels.team`; ' +
      '`project`, `stage`, `service` and `result` mean the field of the data. An event without the attribute does not match.',
    example: [{ exact: { project: 'sockshop' } }, { not: { exact: { result: 'pass' } } }],
  });
