import { type Cause, type FollowUp, type LoggedEvent } from '@keptn/service-kit/reacting';
import { Injectable } from '@nestjs/common';
import { ConfigurationServiceClient } from '../control-plane/configuration-service.client';
import { EvaluationDeadlines } from './evaluation-deadlines';
import { evaluationDone, type EvaluationOutcome } from './evaluation-events';
import { EvaluationMetrics } from './evaluation-metrics';
import { EvaluationVerdict } from './evaluation-verdict';
import { isGivenAnswer } from './given-values';
import { Patience } from './patience';
import { SliAnswers } from './sli-answers';
import { dataOf, subjectOf } from './subject';

/** Ends evaluations: makes a verdict of what an SLI provider answered. */
@Injectable()
export class EvaluationEnd {
  constructor(
    private readonly configuration: ConfigurationServiceClient,
    private readonly verdict: EvaluationVerdict,
    private readonly answers: SliAnswers,
    private readonly deadlines: EvaluationDeadlines,
    private readonly patience: Patience,
    private readonly metrics: EvaluationMetrics,
  ) {}

  /** @param answer `get-sli.done` */
  async reactTo(answer: LoggedEvent): Promise<readonly FollowUp[]> {
    const subject = subjectOf(answer);
    // The reaction to its start ends the evaluation.
    if (isGivenAnswer(answer)) return [];
    const answered = await this.answers.questionOf(answer);
    if (answered.kind === 'answered before') return [];
    const question: Cause = answered.kind === 'asked' ? answered.question : answer;
    const startedBy = answered.kind === 'asked' ? answered.question.triggeredid : answer.id;
    const end = (outcome: EvaluationOutcome): readonly FollowUp[] => {
      this.metrics.ended(subject, outcome);
      this.deadlines.end(question.id);
      return [evaluationDone(question, startedBy, subject, outcome)];
    };
    const work = async (): Promise<readonly FollowUp[]> => {
      const file = await this.configuration.sloFile(subject);
      const { indicatorValues: values } = dataOf(answer);
      return end(await this.verdict.of({ subject, keptnContext: answer.shkeptncontext, file, values }));
    };
    return this.patience.with(answer.time, work, end);
  }
}
