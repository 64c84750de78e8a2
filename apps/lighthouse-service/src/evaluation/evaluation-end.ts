import { type Slo } from '@keptn/event-models';
import {
  type EarlierResult,
  evaluate,
  type EvaluationSubject,
  explain,
  indicatorValuesOf,
  notEvaluated,
  withFailedTests,
} from '@keptn/quality-gate';
import { type Cause, type FollowUp, type LoggedEvent } from '@keptn/service-kit/reacting';
import { Injectable } from '@nestjs/common';
import { ConfigurationServiceClient } from '../control-plane/configuration-service.client';
import { type SloFile } from '../control-plane/slo-file';
import { EvaluationDeadlines } from './evaluation-deadlines';
import { evaluationDone, type EvaluationOutcome } from './evaluation-events';
import { EvaluationHistory } from './evaluation-history';
import { EvaluationMetrics } from './evaluation-metrics';
import { Patience } from './patience';
import { SliAnswers } from './sli-answers';
import { dataOf, subjectOf } from './subject';

/** Ends evaluations: makes a verdict of what an SLI provider answered. */
@Injectable()
export class EvaluationEnd {
  constructor(
    private readonly configuration: ConfigurationServiceClient,
    private readonly history: EvaluationHistory,
    private readonly answers: SliAnswers,
    private readonly deadlines: EvaluationDeadlines,
    private readonly patience: Patience,
    private readonly metrics: EvaluationMetrics,
  ) {}

  /** @param answer `get-sli.done` */
  async reactTo(answer: LoggedEvent): Promise<readonly FollowUp[]> {
    const subject = subjectOf(answer);
    const answered = await this.answers.questionOf(answer);
    if (answered.kind === 'answered before') return [];
    const question: Cause = answered.kind === 'asked' ? answered.question : answer;
    const startedBy = answered.kind === 'asked' ? answered.question.triggeredid : answer.id;
    const end = (outcome: EvaluationOutcome): readonly FollowUp[] => {
      this.metrics.ended(subject, outcome);
      this.deadlines.end(question.id);
      return [evaluationDone(question, startedBy, subject, outcome)];
    };
    return this.patience.with(answer.time, async () => end(await this.outcomeOf(answer, subject)), end);
  }

  private async outcomeOf(answer: LoggedEvent, subject: EvaluationSubject): Promise<EvaluationOutcome> {
    const file = await this.configuration.sloFile(subject);
    if (file.kind !== 'found') return withoutSlo(file, subject);
    const { slo, text: sloText } = file;
    const [earlier, testsFailed] = await Promise.all([
      this.earlierResults(slo, subject),
      this.history.testsFailed(answer.shkeptncontext, subject),
    ]);
    const input = { slo, values: indicatorValuesOf(dataOf(answer)['indicatorValues']), earlier };
    const evaluation = evaluate(input);
    const reasons = explain(input);
    if (!testsFailed) return { evaluation, sloText, reasons };
    const ofTests = 'fail: the tests before the evaluation failed';
    return { evaluation: withFailedTests(evaluation), sloText, reasons: [...reasons, ofTests] };
  }

  private earlierResults({ comparison }: Slo, subject: EvaluationSubject): Promise<readonly EarlierResult[]> {
    return this.history.earlierResults(subject, comparison);
  }
}

function withoutSlo(file: Exclude<SloFile, { kind: 'found' }>, subject: EvaluationSubject): EvaluationOutcome {
  const { project, stage, service } = subject;
  switch (file.kind) {
    case 'none': {
      const message = `no evaluation performed by lighthouse because no SLO file configured for project ${project}`;
      return { evaluation: notEvaluated('pass', message), sloText: '', reasons: [message] };
    }
    case 'invalid': {
      const message = `Could not parse SLO file for service ${service} in stage ${stage} in project ${project}`;
      const reasons = [`failed: slo.yaml, ${file.reason}`];
      return { evaluation: notEvaluated('failed', message), sloText: '', reasons };
    }
    case 'unknown':
      return { evaluation: notEvaluated('failed', file.reason), sloText: '', reasons: [file.reason] };
  }
}
