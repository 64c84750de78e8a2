import { type ResourceUri } from '../names/resource-uri';
import { type Finding } from './finding';
import { REMEDIATION_FORMAT } from './remediation.schema';
import { SHIPYARD_FORMAT } from './shipyard.schema';
import { SLI_FORMAT } from './sli.schema';
import { SLO_FORMAT } from './slo-format';
import { readYamlFile } from './yaml-file';

type Check = (text: string) => readonly Finding[];

/** The files that Keptn itself reads, by their path in a project, stage or service. */
const CHECKS: Readonly<Record<string, Check>> = {
  'shipyard.yaml': (text) => readYamlFile(text, SHIPYARD_FORMAT).findings,
  'slo.yaml': (text) => readYamlFile(text, SLO_FORMAT).findings,
  'remediation.yaml': (text) => readYamlFile(text, REMEDIATION_FORMAT).findings,
};

/** SLI files are in a folder named after their provider, such as `prometheus/sli.yaml`. */
const SLI_FILE = /(?:^|\/)sli\.yaml$/;

const checkSli: Check = (text) => readYamlFile(text, SLI_FORMAT).findings;

const utf8 = new TextDecoder('utf-8', { fatal: true });

const NOT_UTF8: Finding = { line: 1, column: 1, field: '', message: 'the file must be UTF-8 text', severity: 'error' };

/**
 * What is wrong with a file that Keptn reads: `shipyard.yaml`, `slo.yaml`, `remediation.yaml`, and `sli.yaml` in any folder.
 * @param content the text, or its bytes
 * @returns empty when there is nothing to say, or the file is not one of these
 */
export function validateResource(uri: ResourceUri, content: string | Uint8Array): readonly Finding[] {
  const check = checkFor(uri);
  if (check === undefined) return [];
  const text = typeof content === 'string' ? content : textOf(content);
  return text === undefined ? [NOT_UTF8] : check(text);
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
