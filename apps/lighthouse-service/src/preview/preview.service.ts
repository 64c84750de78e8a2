import { type AnswerOf, type BodyOf, type lighthouseServiceApi } from '@keptn/api-models';
import { describeFinding, InvalidSlo, parseSlo, resourceUri, type Slo, validateResource } from '@keptn/event-models';
import { earlierResultOf, MOST_EARLIER_RESULTS } from '@keptn/quality-gate';
import { Injectable } from '@nestjs/common';
import { type ServiceNames } from '../control-plane/configuration-service.client';
import { EvaluationHistory } from '../evaluation/evaluation-history';
import { storedEvaluationOf } from '../evaluation-report/stored-evaluation';
import { UnusableSlo } from './preview.errors';
import { type PreviewedVerdict, previewedVerdicts } from './previewed-verdicts';

type Preview = AnswerOf<typeof lighthouseServiceApi.previewEvaluations>;

const SLO_FILE = resourceUri.parse('slo.yaml');

/** What the last evaluations would have come to with another SLO file. */
@Injectable()
export class PreviewService {
  constructor(private readonly history: EvaluationHistory) {}

  /** @throws UnusableSlo */
  async preview(
    names: ServiceNames,
    { slo: text, last }: BodyOf<typeof lighthouseServiceApi.previewEvaluations>,
  ): Promise<Preview> {
    const slo = sloOf(text);
    const events = await this.history.evaluations(names, 'all', MOST_EARLIER_RESULTS);
    const stored = events.flatMap((event) => {
      const values = earlierResultOf(event);
      return values === undefined ? [] : [{ evaluation: storedEvaluationOf(event), values }];
    });
    return {
      evaluations: previewedVerdicts(slo, stored).slice(0, last).map(rowOf),
      findings: validateResource(SLO_FILE, text).map(describeFinding),
    };
  }
}

function sloOf(text: string): Slo {
  try {
    return parseSlo(text);
  } catch (error) {
    if (error instanceof InvalidSlo) throw new UnusableSlo(error.message);
    throw error;
  }
}

function rowOf({ evaluation, reasons, ...verdict }: PreviewedVerdict): Preview['evaluations'][number] {
  const { id, keptnContext, time, start, end, result, score } = evaluation;
  return {
    ...{ id, keptnContext, time, start, end },
    was: { result, score },
    ...verdict,
    reasons: [...reasons],
  };
}
