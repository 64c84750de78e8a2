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

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The faults of a file that Keptn reads: `shipyard.yaml`, `slo.yaml`, `remediation.yaml`, and `sli.yaml` in any folder.
 * @param uri the resource path, with or without a leading slash
 * @param content the text, or its bytes
 * @returns one finding for each fault; empty when there is none or the file is not one of these
 */
export function validateResource(uri: string, content: string | Uint8Array): readonly Finding[] {
  const check = checkFor(uri.startsWith('/') ? uri.slice(1) : uri);
  if (check === undefined) return [];
  const text = typeof content === 'string' ? content : textOf(content);
  return text === undefined ? [{ line: 1, column: 1, field: '', message: 'the file must be UTF-8 text' }] : check(text);
}

function checkFor(path: string): Check | undefined {
  if (Object.hasOwn(CHECKS, path)) return CHECKS[path];
  return SLI_FILE.test(path) ? checkSli : undefined;
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
