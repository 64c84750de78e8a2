import { accessGuard, auditThrough } from '@keptn/auth';
import { type ServiceDefinition } from '@keptn/service-kit';
import { EventLogModule } from '@keptn/service-kit/reacting';
import { Module } from '@nestjs/common';
import { EVALUATION_SENDER } from './evaluation/evaluation-events';
import { EvaluationReportModule } from './evaluation-report/evaluation-report.module';
import { PreviewModule } from './preview/preview.module';
import { ReactionModule } from './reaction/reaction.module';
import { settings } from './settings';

@Module({ imports: [EventLogModule.connect(EVALUATION_SENDER), ReactionModule, EvaluationReportModule, PreviewModule] })
class AppModule {}

/** Quality gates: evaluations and SLI providers. */
export const lighthouseService: ServiceDefinition<typeof settings> = {
  name: 'lighthouse-service',
  openApi: {
    title: 'Keptn lighthouse-service',
    description:
      'Quality gates. Reacts to start-evaluation and tests-finished: asks an SLI provider for values, compares them with the SLO file ' +
      'and with earlier results, and sends evaluation-done.',
    tags: [
      { name: 'Evaluations', description: 'What came of evaluations, and would come of them' },
      { name: 'Events', description: 'What the service reacts to' },
    ],
  },
  settings,
  module: () => AppModule,
  guard: (values) => accessGuard(values),
  audit: auditThrough,
};
