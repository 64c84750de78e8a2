import { z } from 'zod';
import { route } from '../contract/route';

export const identityProvider = z
  .object({
    name: z.string().meta({ description: 'What people know it by', example: 'Example Corp.' }),
    issuer: z.string().meta({ example: 'https://login.example.com/realms/company' }),
    clientId: z
      .string()
      .meta({ description: 'Client of the command line: public, with the device flow', example: 'keptn' }),
    bridgeClientId: z.string().meta({
      description: 'Client of the Bridge, with the authorization code flow and PKCE',
      example: 'keptn',
    }),
    scope: z.string().meta({ description: 'What is asked for', example: 'openid profile email' }),
    parameters: z.record(z.string(), z.string()).meta({
      description: 'Further parameters of the authorization request that the provider needs',
      example: { audience: 'keptn' },
    }),
    token: z.enum(['access_token', 'id_token']).meta({ description: 'Which of its tokens is for this API' }),
  })
  .meta({ id: 'IdentityProvider' });
export type IdentityProvider = z.infer<typeof identityProvider>;

export const listIdentityProviders = route({
  method: 'GET',
  path: '/v1/identity-provider',
  scope: 'anyone',
  tag: 'Authentication',
  summary: 'List the providers that people can sign in with',
  description: 'For the command line and the Bridge, before they have a token. It holds no secret.',
  answers: {
    200: {
      description: 'The providers, none when people cannot sign in',
      body: z.object({ identityProviders: z.array(identityProvider) }).meta({ id: 'IdentityProviders' }),
    },
  },
  errors: [],
});
