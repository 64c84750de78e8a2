import { Module } from '@nestjs/common';
import { ControlPlaneModule } from '../control-plane/control-plane.module';
import { EvaluationDeadlines } from './evaluation-deadlines';
import { EvaluationEnd } from './evaluation-end';
import { EvaluationHistory } from './evaluation-history';
import { EvaluationMetrics } from './evaluation-metrics';
import { EvaluationStart } from './evaluation-start';
import { EvaluationVerdict } from './evaluation-verdict';
import { KnownResults } from './known-results';
import { Patience } from './patience';
import { SliAnswers } from './sli-answers';
import { SliProviderChoice } from './sli-provider-choice';

@Module({
  imports: [ControlPlaneModule],
  providers: [
    EvaluationDeadlines,
    EvaluationEnd,
    EvaluationHistory,
    EvaluationMetrics,
    EvaluationStart,
    EvaluationVerdict,
    KnownResults,
    Patience,
    SliAnswers,
    SliProviderChoice,
  ],
  exports: [EvaluationDeadlines, EvaluationEnd, EvaluationHistory, EvaluationStart, SliProviderChoice],
})
export class EvaluationModule {}
