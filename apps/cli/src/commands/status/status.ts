import { defineCommand } from '../../command-line/command';
import { Failure } from '../../failures/failure';
import { authenticate } from '../auth/authenticate';

export const status = defineCommand({
  words: ['status'],
  summary: 'Show where you are authenticated, and whether it still holds',
  examples: [
    { command: 'keptn status', says: 'Is all well?' },
    { command: 'keptn status --context=staging', says: 'Is it, at another control plane?' },
  ],
  run: async (_, session) => {
    const context = session.findContext();
    if (context === undefined) {
      throw new Failure('notAuthenticated', 'CLI is not authenticated against any Keptn cluster', {
        hint: 'For authenticating your CLI use "keptn auth".',
      });
    }
    const { endpoint, origin } = context;
    try {
      await authenticate(context, session);
    } catch (error) {
      throw error instanceof Failure && error.exit !== 'interrupted'
        ? new Failure(
            error.exit,
            `CLI cannot be authenticated against Keptn cluster ${endpoint}: ${error.message}`,
            error,
          )
        : error;
    }
    session.output.say(`Successfully authenticated against the Keptn cluster ${endpoint}`);
    session.output.say(`CLI is authenticated against the Keptn cluster ${endpoint}`);
    await session.output.done({ value: { endpoint, origin, authenticated: true }, names: [endpoint] });
  },
});
