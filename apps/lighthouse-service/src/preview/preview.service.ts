import { type AnswerOf, type BodyOf, type lighthouseServiceApi } from '@keptn/api-models';
import { earlierResultOf, FAILED_TESTS, MOST_EARLIER_RESULTS } from '@keptn/quality-gate';
import { type LoggedEvent } from '@keptn/service-kit/reacting';
import { Injectable } from '@nestjs/common';
import { type ServiceNames } from '../control-plane/configuration-service.client';
import { EvaluationHistory } from '../evaluation/evaluation-history';
import { type StoredEvaluation, storedEvaluationOf } from '../evaluation-report/stored-evaluation';
import { findingsIn, sloIn } from './posted-slo';
import { type MeasuredValues, type PreviewedVerdict, previewedVerdicts } from './previewed-verdicts';

type Preview = AnswerOf<typeof lighthouseServiceApi.previewEvaluations>;

/** What the last evaluations would have come to with another SLO file. */
@Injectable()
export class PreviewService {
  constructor(private readonly history: EvaluationHistory) {}

  /** @throws UnusableSlo */
  async preview(
    names: ServiceNames,
    { slo: text, last }: BodyOf<typeof lighthouseServiceApi.previewEvaluations>,
  ): Promise<Preview> {
    const slo = sloIn(text);
    const events = await this.history.evaluations(names, 'all', MOST_EARLIER_RESULTS);
    const verdicts = previewedVerdicts(slo, events.flatMap(measuredIn));
    return { evaluations: verdicts.slice(0, last).map(rowOf), findings: findingsIn(text) };
  }
}

/** The values of a stored evaluation; nothing of one that has none. */
export function measuredIn(event: LoggedEvent): readonly MeasuredValues<StoredEvaluation>[] {
  const asEarlier = earlierResultOf(event);
  if (asEarlier === undefined) return [];
  const subject = storedEvaluationOf(event);
  const values = subject.indicatorResults.map(({ value }) => value);
  return [{ subject, values, asEarlier, testsFailed: subject.message === FAILED_TESTS }];
}

function rowOf({ subject, reasons, ...verdict }: PreviewedVerdict<StoredEvaluation>): Preview['evaluations'][number] {
  const { id, keptnContext, time, start, end, result, score } = subject;
  return {
    ...{ id, keptnContext, time, start, end },
    was: { result, score },
    ...verdict,
    reasons: [...reasons],
  };
}
