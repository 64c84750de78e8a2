import { z } from 'zod';

export const metadata = z
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

export type Metadata = z.infer<typeof metadata>;
