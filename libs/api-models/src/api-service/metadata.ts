import { z } from 'zod';
import { route } from '../contract/route';

const metadata = z
  .object({
    bridgeversion: z
      .string()
      .optional()
      .meta({
        description: 'Image of the Bridge; absent outside of a cluster, and without a Bridge that can be read',
        examples: ['docker.io/keptn/bridge2:0.7.3'],
      }),
    keptnlabel: z.string().meta({ description: 'Always `keptn`', examples: ['keptn'] }),
    keptnversion: z.string().meta({ description: 'Keptn release whose API is kept', examples: ['0.7.3'] }),
    namespace: z.string().meta({ description: 'Kubernetes namespace of the control plane', examples: ['keptn'] }),
  })
  .meta({ id: 'Metadata' });

export const getMetadata = route({
  method: 'GET',
  path: '/v1/metadata',
  scope: 'system:read',
  keepsToProjects: true,
  tag: 'Metadata',
  summary: 'Read the version and namespace of this control plane',
  answers: { 200: { description: 'The metadata', body: metadata } },
  errors: [],
});
