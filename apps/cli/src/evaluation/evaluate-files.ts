/** Brings zod and YAML along, which take longer to load than most commands take: import this file where it is needed. */
import { describeFinding, InvalidSlo, parseSlo, resourceUri, type Slo, validateResource } from '@keptn/event-models';
import { evaluate, explain, indicatorReports, indicatorValuesOf } from '@keptn/quality-gate';
import { Failure, UsageFailure } from '../failures/failure';
import { type EvaluatedGate } from './evaluated-gate';
import { type GivenValue } from './given-values';

const SLO_FILE = resourceUri.parse('slo.yaml');

export interface GateFiles {
  readonly sloText: string;
  /** Name of the SLO file, for messages. */
  readonly sloFile: string;
  readonly values: readonly GivenValue[];
}

/**
 * Evaluates values by an SLO file without any server. There are no earlier results to compare with, so that relative criteria hold.
 *
 * @param warn is told what in the file may not mean what it seems to
 * @throws Failure when the SLO file cannot be used, or has nothing to evaluate by
 */
export function evaluateFiles(
  { sloText, sloFile, values }: GateFiles,
  names: Pick<EvaluatedGate, 'project' | 'stage' | 'service'>,
  warn: (sentence: string) => void,
): EvaluatedGate {
  const slo = sloOf(sloText, sloFile);
  for (const finding of validateResource(SLO_FILE, sloText)) warn(`${sloFile}, ${describeFinding(finding)}`);
  if (slo.objectives.length === 0) {
    throw new UsageFailure(`${sloFile} has no objectives`, 'Add "objectives:", a list: each evaluation would pass.');
  }
  const input = { slo, values: indicatorValuesOf(values), earlier: [] };
  const { result, message, score, indicatorResults } = evaluate(input);
  const indicators = indicatorReports(slo, [], indicatorResults ?? []);
  return { ...names, start: '', end: '', result, message, score, reasons: [...explain(input)], indicators };
}

function sloOf(text: string, file: string): Slo {
  try {
    return parseSlo(text);
  } catch (error) {
    if (error instanceof InvalidSlo) throw new Failure('usage', `${file} cannot be used: ${error.message}`);
    throw error;
  }
}
