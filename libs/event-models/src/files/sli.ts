import { describeFinding, type Finding } from './finding';
import { SLI_FORMAT } from './sli.schema';
import { readYamlFile } from './yaml-file';

/** An SLI file that cannot be used. The message names line, column and field of the first fault. */
export class InvalidSli extends Error {
  override readonly name = 'InvalidSli';

  constructor(readonly findings: readonly Finding[]) {
    super(findings[0] === undefined ? 'the file is not valid' : describeFinding(findings[0]));
  }
}

/**
 * The queries of an SLI file by the name of their indicator; those that are no text are another provider's and left out.
 *
 * @throws InvalidSli
 */
export function parseSli(text: string): ReadonlyMap<string, string> {
  const { value, findings } = readYamlFile(text, SLI_FORMAT);
  if (value === undefined) throw new InvalidSli(findings);
  return new Map(
    Object.entries(value.indicators).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
