import { route } from '../contract/route';

export const checkToken = route({
  method: 'POST',
  path: '/v1/auth',
  scope: 'caller',
  isUnaudited: true,
  tag: 'Authentication',
  summary: 'Check the API token',
  description: 'The gateway asks this for every request.',
  answers: { 200: { description: 'The token is right; no body' } },
  errors: [],
});
