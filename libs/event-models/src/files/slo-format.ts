import { SLO_HINTS } from './slo-hints';
import { sloFile } from './slo.schema';
import { type YamlFormat } from './yaml-file';

export const SLO_FORMAT: YamlFormat<typeof sloFile> = {
  schema: sloFile,
  textFields: new Set(['displayName', 'pass', 'sli', 'spec_version', 'warning']),
  hints: (file) => SLO_HINTS.flatMap((hintsOf) => hintsOf(file)),
};
