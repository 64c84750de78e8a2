import { PermittedNetworks, SETTINGS } from '@keptn/service-kit';
import { Module } from '@nestjs/common';
import { ControlPlaneModule } from '../control-plane/control-plane.module';
import { EvaluationDeadlines } from '../evaluation/evaluation-deadlines';
import { EvaluationModule } from '../evaluation/evaluation.module';
import { type Settings } from '../settings';
import { HttpProvider } from './http/http-provider';
import { PrometheusProvider } from './prometheus/prometheus-provider';
import { ProviderMetrics } from './provider-metrics';
import { SliFiles } from './sli-files';
import { SLI_PROVIDERS, type SliProvider } from './sli-provider';
import { SliQuestionService } from './sli-question.service';

function providersOf(settings: Settings, files: SliFiles): readonly SliProvider[] {
  const { PROMETHEUS_URL: url, HTTP_SLI_PROVIDER, ALLOWED_SLI_NETWORKS } = settings;
  const { SLI_CREDENTIALS_DIR: credentialsFolder, SLI_QUERY_TIMEOUT_MS: timeoutMs } = settings;
  const networks = new PermittedNetworks(ALLOWED_SLI_NETWORKS, 'ALLOWED_SLI_NETWORKS');
  return [
    ...(url === undefined ? [] : [new PrometheusProvider(files, { url, credentialsFolder, timeoutMs })]),
    ...(HTTP_SLI_PROVIDER ? [new HttpProvider(files, { networks, credentialsFolder, timeoutMs })] : []),
  ];
}

/** The SLI providers that are built in; each is switched on by its settings. */
@Module({
  imports: [ControlPlaneModule, EvaluationModule],
  providers: [
    ProviderMetrics,
    SliFiles,
    SliQuestionService,
    {
      provide: SLI_PROVIDERS,
      inject: [SETTINGS, SliFiles],
      useFactory: providersOf,
    },
  ],
  exports: [SliQuestionService],
})
export class ProviderModule {
  constructor(deadlines: EvaluationDeadlines, questions: SliQuestionService) {
    deadlines.askAgainBy((question) => questions.answer(question));
  }
}
