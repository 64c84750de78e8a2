import { type EvaluationSubject, notEvaluated } from '@keptn/quality-gate';
import { type FollowUp, type LoggedEvent } from '@keptn/service-kit/reacting';
import { Injectable } from '@nestjs/common';
import { ConfigurationServiceClient } from '../control-plane/configuration-service.client';
import { EvaluationDeadlines } from './evaluation-deadlines';
import { evaluationDone, type EvaluationOutcome, getSli, questionCause } from './evaluation-events';
import { EvaluationMetrics } from './evaluation-metrics';
import { EvaluationVerdict } from './evaluation-verdict';
import { GIVEN_VALUES, givenAnswer } from './given-values';
import { Patience } from './patience';
import { SliProviderChoice } from './sli-provider-choice';
import { dataOf, subjectOf, textOf } from './subject';

/**
 * Begins evaluations: asks an SLI provider. Those that have their values end at once, and those that have nothing to ask for, with the
 * reason; docs/reference/slo.md lists those ends.
 */
@Injectable()
export class EvaluationStart {
  constructor(
    private readonly configuration: ConfigurationServiceClient,
    private readonly providers: SliProviderChoice,
    private readonly verdict: EvaluationVerdict,
    private readonly deadlines: EvaluationDeadlines,
    private readonly patience: Patience,
    private readonly metrics: EvaluationMetrics,
  ) {}

  /** @param event `start-evaluation` or `tests-finished` */
  async reactTo(event: LoggedEvent): Promise<readonly FollowUp[]> {
    const subject = subjectOf(event);
    const end = (outcome: EvaluationOutcome): readonly FollowUp[] => {
      this.metrics.ended(subject, outcome);
      return [evaluationDone(questionCause(event), event.id, subject, outcome)];
    };
    if (subject.teststrategy === '') {
      const result = textOf(dataOf(event), 'result');
      return end(withoutFile(notEvaluated(result, `${NOT_PERFORMED} no test has been executed`)));
    }
    return this.patience.with(event.time, () => this.ask(event, subject, end), end);
  }

  private async ask(
    event: LoggedEvent,
    subject: EvaluationSubject,
    end: (outcome: EvaluationOutcome) => readonly FollowUp[],
  ): Promise<readonly FollowUp[]> {
    const file = await this.configuration.sloFile(subject);
    if (file.kind === 'unknown') {
      return end(withoutFile(notEvaluated('failed', `error retrieving SLO file: ${file.reason}`)));
    }
    if (file.kind === 'invalid') {
      return end({
        evaluation: notEvaluated('failed', ''),
        sloText: '',
        reasons: [`failed: slo.yaml, ${file.reason}`],
      });
    }
    const slo = file.kind === 'found' ? file.slo : undefined;
    const values = dataOf(event)['indicatorValues'];
    if (Array.isArray(values)) {
      const outcome = await this.verdict.of({ subject, keptnContext: event.shkeptncontext, file, values });
      const question = getSli(event, subject, { provider: GIVEN_VALUES, slo });
      return [question, givenAnswer(event, subject, values), ...end(outcome)];
    }
    const provider = await this.providers.of(subject.project);
    if (provider === undefined) {
      const message = `${NOT_PERFORMED} no SLI-provider configured for project ${subject.project}`;
      return end(withoutFile(notEvaluated('pass', message)));
    }
    this.deadlines.begin(questionCause(event).id);
    return [getSli(event, subject, { provider, slo })];
  }
}

const NOT_PERFORMED = 'no evaluation performed by lighthouse because';

function withoutFile(evaluation: EvaluationOutcome['evaluation']): EvaluationOutcome {
  return { evaluation, sloText: '', reasons: [evaluation.message] };
}
