import { type ExactNumber, isExactNumber, parseJson, stringifyJson } from '@keptn/event-models/json';
import type { ScalarTag } from 'yaml';

/** Numbers as they are spelled: decimal numbers of JSON are those of YAML. */
const exactNumber: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  identify: isExactNumber,
  resolve: (text) => text,
  stringify: ({ value }) => (value as ExactNumber).value,
};

/** What has a JSON form, as YAML. */
export async function toYaml(value: unknown): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(parseJson(stringifyJson(value)), { customTags: [exactNumber] }).trimEnd();
}
