import { LOGGER, ServiceError, SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { type Logger } from 'pino';
import { z } from 'zod';
import { KubernetesApi } from '../kubernetes/kubernetes-api';
import { type ApiServiceSettings } from '../settings';

const deployment = z.object({
  spec: z.object({
    template: z.object({ spec: z.object({ containers: z.tuple([z.object({ image: z.string() })], z.unknown()) }) }),
  }),
});

/** Which Bridge runs beside this control plane, by its image (contract 3.8). */
@Injectable()
export class BridgeVersion {
  private readonly kubernetes: KubernetesApi | undefined;

  constructor(
    @Inject(SETTINGS) settings: ApiServiceSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.kubernetes = KubernetesApi.ofThisPod(settings);
  }

  /** @returns undefined outside of a cluster, and when there is no Bridge or it cannot be read: all else is still told */
  async read(): Promise<string | undefined> {
    try {
      const answer = await this.kubernetes?.call(
        { method: 'GET', group: 'apis/apps/v1', resource: 'deployments/bridge' },
        [404],
      );
      return deployment.safeParse(answer?.body).data?.spec.template.spec.containers[0].image.replace(/^keptn\//, '');
    } catch (error) {
      if (!(error instanceof ServiceError)) {
        throw error;
      }
      this.logger.debug({ err: error }, 'the Deployment of the Bridge cannot be read');
      return undefined;
    }
  }
}
