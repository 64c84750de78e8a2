import { type AnswerOf, type BodyOf, type lighthouseServiceApi } from '@keptn/api-models';
import { type Slo } from '@keptn/event-models';
import { earlierResult, type IndicatorValue } from '@keptn/quality-gate';
import { Injectable } from '@nestjs/common';
import { type ServiceNames } from '../control-plane/configuration-service.client';
import { SliProviderChoice } from '../evaluation/sli-provider-choice';
import { SliQuestionService } from '../provider/sli-question.service';
import { findingsIn, sloIn } from './posted-slo';
import { ProviderNotBuiltIn } from './preview.errors';
import { type MeasuredValues, previewedVerdicts } from './previewed-verdicts';

type Route = typeof lighthouseServiceApi.previewTimeFrames;
type TimeFrame = BodyOf<Route>['timeFrames'][number];

interface Question {
  readonly slo: Slo;
  readonly provider: string;
  readonly labels: Readonly<Record<string, string>> | null;
}

/** What evaluations of past time frames would come to. */
@Injectable()
export class TimeFramePreviewService {
  constructor(
    private readonly choice: SliProviderChoice,
    private readonly providers: SliQuestionService,
  ) {}

  /** @throws UnusableSlo @throws ProviderNotBuiltIn */
  async preview(names: ServiceNames, { slo: text, timeFrames, labels }: BodyOf<Route>): Promise<AnswerOf<Route>> {
    const slo = sloIn(text);
    const question = { slo, provider: (await this.choice.of(names.project)) ?? '', labels: labels ?? null };
    const measured: MeasuredValues<TimeFrame>[] = [];
    // One after the other, so that a monitoring tool is asked no more at once than by an evaluation.
    for (const frame of timeFrames.toSorted(latestFirst)) measured.push(await this.measure(names, frame, question));
    return {
      evaluations: previewedVerdicts(slo, measured).map(({ subject: { start, end }, reasons, ...verdict }) => ({
        ...{ start, end, ...verdict },
        reasons: [...reasons],
      })),
      findings: findingsIn(text),
    };
  }

  private async measure(
    names: ServiceNames,
    frame: TimeFrame,
    { slo, provider, labels }: Question,
  ): Promise<MeasuredValues<TimeFrame>> {
    const values = await this.providers.values({
      ...{ ...names, ...frame, provider, labels, deployment: '', teststrategy: 'manual', deploymentstrategy: '' },
      indicators: [...new Set(slo.objectives.map(({ sli }) => sli))],
      filters: slo.filters.map(({ key, value }) => ({ key, value })),
    });
    if (values === undefined) throw new ProviderNotBuiltIn(provider);
    return { subject: frame, values, asEarlier: resultOf(frame, values), testsFailed: false };
  }
}

const latestFirst = (one: TimeFrame, other: TimeFrame): number => Date.parse(other.end) - Date.parse(one.end);

function resultOf({ start, end }: TimeFrame, values: readonly IndicatorValue[]) {
  const known = values.filter(({ success }) => success);
  return earlierResult(
    `${start} ${end}`,
    known.map(({ metric, value }) => [metric, value]),
  );
}
