import { SETTINGS } from '@keptn/service-kit';
import { Module } from '@nestjs/common';
import { ControlPlaneModule } from '../control-plane/control-plane.module';
import { type Settings } from '../settings';
import { PrometheusProvider } from './prometheus/prometheus-provider';
import { ProviderMetrics } from './provider-metrics';
import { SliFiles } from './sli-files';
import { SLI_PROVIDERS, type SliProvider } from './sli-provider';
import { SliQuestionService } from './sli-question.service';

/** The SLI providers that are built in; each is switched on by its settings. */
@Module({
  imports: [ControlPlaneModule],
  providers: [
    ProviderMetrics,
    SliFiles,
    SliQuestionService,
    {
      provide: SLI_PROVIDERS,
      inject: [SETTINGS, SliFiles],
      useFactory: ({ PROMETHEUS_URL: url, SLI_CREDENTIALS_DIR }: Settings, files: SliFiles): readonly SliProvider[] =>
        url === undefined ? [] : [new PrometheusProvider(files, { url, credentialsFolder: SLI_CREDENTIALS_DIR })],
    },
  ],
  exports: [SliQuestionService],
})
export class ProviderModule {}
