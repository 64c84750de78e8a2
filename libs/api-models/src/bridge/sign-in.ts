import { z } from 'zod';
import { route } from '../contract/route';

const tag = 'Session';

const NAME_LIMIT = 200;
const PATH_LIMIT = 1_024;

const location = (description: string) => ({ Location: { description, pattern: '^[/h]' } });

export const beginSignIn = route({
  method: 'GET',
  path: '/sign-in',
  scope: 'anyone',
  tag,
  summary: 'Send the browser to an identity provider',
  query: z.object({
    provider: z.string().min(1).max(NAME_LIMIT).meta({ description: 'Its name, as the session has it' }),
    to: z
      .string()
      .max(PATH_LIMIT)
      .regex(/^(?![/\\])[\x21-\x5b\x5d-\x7e]*$/, '{field} must be a path below the Bridge')
      .optional()
      .meta({ description: 'Where to go then, below the Bridge', example: 'runs?project=sockshop' }),
  }),
  answers: {
    302: { description: 'To the provider, or back with the failure as `sign-in`', headers: location('Where') },
  },
  errors: ['INVALID_REQUEST'],
});

export const finishSignIn = route({
  method: 'GET',
  path: '/sign-in/callback',
  scope: 'anyone',
  tag,
  summary: 'Take the browser back from an identity provider',
  description: 'Its address, as people see it, is the redirect URI of the client at the provider.',
  answers: {
    302: { description: 'To the page, signed in or with the failure as `sign-in`', headers: location('Where') },
  },
  errors: [],
});
