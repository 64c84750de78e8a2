import { z } from 'zod';
import { type Hint, type YamlFormat } from './yaml-file';

const query = z
  .union([z.string(), z.record(z.string(), z.unknown())], 'must be the text of a query')
  .refine((value) => value !== '', 'must not be empty');

/**
 * `sli.yaml`: what a provider asks its monitoring tool for each indicator. The providers of Keptn take the text of a query;
 * others have mappings of their own.
 */
export const sliFile = z
  .looseObject({
    spec_version: z.string({ error: 'must be text such as "1.0"' }).nullish(),
    indicators: z
      .record(z.string(), query, 'indicators is required and must be a mapping of names to queries')
      .refine((indicators) => Object.keys(indicators).length > 0, { error: 'at least one indicator is required' }),
  })
  .meta({ id: 'SliFile', description: 'Queries for indicators (sli.yaml)' });
export type SliFile = z.infer<typeof sliFile>;

const MAPPING = "is a mapping: Keptn's own providers need the text of a query, others may read it";

export const SLI_FORMAT: YamlFormat<typeof sliFile> = {
  schema: sliFile,
  textFields: new Set(['spec_version']),
  hints: ({ indicators }) =>
    Object.entries(indicators)
      .filter(([, query]) => typeof query !== 'string')
      .map(([name]): Hint => ({ path: ['indicators', name], message: MAPPING })),
};
