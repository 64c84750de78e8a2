import { KeptnEventType } from '@keptn/event-models';
import { ReactingModule, type Reactions } from '@keptn/service-kit/reacting';
import { Module } from '@nestjs/common';
import { EvaluationModule } from '../evaluation/evaluation.module';
import { EvaluationEnd } from '../evaluation/evaluation-end';
import { EvaluationStart } from '../evaluation/evaluation-start';
import { ProviderModule } from '../provider/provider.module';
import { SliQuestionService } from '../provider/sli-question.service';

/**
 * Which events the service reacts to. `monitoring.configure` is not among them: which provider a project uses is read from the log
 * when it is needed.
 */
@Module({
  imports: [
    ReactingModule.with({
      imports: [EvaluationModule, ProviderModule],
      inject: [EvaluationStart, EvaluationEnd, SliQuestionService],
      useFactory: (starts: EvaluationStart, ends: EvaluationEnd, providers: SliQuestionService): Reactions =>
        new Map([
          [KeptnEventType.startEvaluation, (event) => starts.reactTo(event)],
          [KeptnEventType.testsFinished, (event) => starts.reactTo(event)],
          [KeptnEventType.getSli, (event) => providers.reactTo(event)],
          [KeptnEventType.getSliDone, (event) => ends.reactTo(event)],
        ]),
    }),
  ],
})
export class ReactionModule {}
