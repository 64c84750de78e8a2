import { z } from 'zod';

/** `sli.yaml`: the query of a monitoring tool for each indicator. */
export const sliFile = z
  .looseObject({
    spec_version: z.string({ error: 'must be text such as "1.0"' }).nullish(),
    indicators: z
      .record(
        z.string(),
        z.string({ error: 'must be the text of a query' }).min(1, 'must not be empty'),
        'indicators is required and must be a mapping of names to queries',
      )
      .refine((indicators) => Object.keys(indicators).length > 0, { error: 'at least one indicator is required' }),
  })
  .meta({ id: 'SliFile', description: 'Queries for indicators (sli.yaml)' });
export type SliFile = z.infer<typeof sliFile>;

/** Fields of `sli.yaml` whose scalars are text. */
export const SLI_TEXT_FIELDS: ReadonlySet<string> = new Set(['spec_version']);
