import { z } from 'zod';
import { route } from '../contract/route';

/** Contract 6.4, without the API token: that is never handed out. */
export const bridgeInfo = z
  .object({
    bridgeVersion: z.string(),
    keptnInstallationType: z.string(),
    apiUrl: z.string().meta({ example: 'https://keptn.example/api' }),
    cliDownloadLink: z.string(),
    enableVersionCheckFeature: z.literal(false),
    showApiToken: z.literal(false),
    projectsPageSize: z.int(),
    servicesPageSize: z.int(),
  })
  .meta({ id: 'BridgeInfo' });
export type BridgeInfo = z.infer<typeof bridgeInfo>;

export const getBridgeInfo = route({
  method: 'GET',
  path: '/api/bridgeInfo',
  scope: 'anyone',
  tag: 'Bridge',
  summary: 'Read what the Bridge of Keptn 0.7 told its page',
  answers: { 200: { description: 'What scripts ask for', body: bridgeInfo } },
  errors: [],
});
