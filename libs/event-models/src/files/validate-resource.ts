import { type Finding } from './finding';
import { REMEDIATION_TEXT_FIELDS, remediationFile, simpleRemediationFile } from './remediation.schema';
import { shipyardFindings } from './shipyard';
import { SLI_TEXT_FIELDS, sliFile } from './sli.schema';
import { SLO_TEXT_FIELDS, sloFile } from './slo.schema';
import { eitherStyle, readYamlFile } from './yaml-file';

const eitherRemediation = eitherStyle(remediationFile, simpleRemediationFile);

type Check = (text: string) => readonly Finding[];

/** The files that Keptn itself reads, by their place in a project, stage or service. */
const CHECKS: Readonly<Record<string, Check>> = {
  'shipyard.yaml': shipyardFindings,
  'slo.yaml': (text) => readYamlFile(text, sloFile, SLO_TEXT_FIELDS).findings,
  'remediation.yaml': (text) => readYamlFile(text, eitherRemediation, REMEDIATION_TEXT_FIELDS).findings,
};

/** SLI files lie in a folder named after their provider, such as `prometheus/sli.yaml`. */
const SLI_FILE = /(?:^|\/)sli\.yaml$/;

const checkSli: Check = (text) => readYamlFile(text, sliFile, SLI_TEXT_FIELDS).findings;

/**
 * The faults of a file that Keptn reads: `shipyard.yaml`, `slo.yaml`, `remediation.yaml`, and `sli.yaml` in any folder.
 * @param uri the resource path, with or without a leading slash
 * @param text the content
 * @returns one finding for each fault; empty when there is none or the file is not one of these
 */
export function validateResource(uri: string, text: string): readonly Finding[] {
  const path = uri.startsWith('/') ? uri.slice(1) : uri;
  const check = Object.hasOwn(CHECKS, path) ? CHECKS[path] : undefined;
  if (check !== undefined) return check(text);
  return SLI_FILE.test(path) ? checkSli(text) : [];
}
