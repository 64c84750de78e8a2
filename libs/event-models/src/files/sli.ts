import { describeFinding, type Finding } from './finding';
import { SLI_FORMAT, type SliFile } from './sli.schema';
import { readYamlFile } from './yaml-file';

/** An SLI file that cannot be used. The message names line, column and field of the first fault. */
export class InvalidSli extends Error {
  override readonly name = 'InvalidSli';

  constructor(readonly findings: readonly Finding[]) {
    super(findings[0] === undefined ? 'the file is not valid' : describeFinding(findings[0]));
  }
}

/** What a provider asks for an indicator: the text of a query, or a mapping of the provider's own. */
export type SliEntry = SliFile['indicators'][string];

/**
 * What an SLI file says of each indicator, by its name.
 *
 * @throws InvalidSli
 */
export function parseSli(text: string): ReadonlyMap<string, SliEntry> {
  const { value, findings } = readYamlFile(text, SLI_FORMAT);
  if (value === undefined) throw new InvalidSli(findings);
  return new Map(Object.entries(value.indicators));
}
