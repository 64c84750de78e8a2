import { type Session } from '../../command-line/session';
import { type Context } from '../../contexts/contexts-file';
import { Failure } from '../../failures/failure';

/**
 * Tests whether a control plane accepts the token.
 *
 * @throws Failure when it does not, or cannot be reached
 */
export async function authenticate(context: Context, session: Session): Promise<void> {
  session.output.say('Starting to authenticate');
  const { controlPlane } = await session.connectTo(context);
  try {
    await controlPlane.authenticate();
  } catch (error) {
    if (error instanceof Failure && error.exit === 'notAuthenticated') {
      throw new Failure(error.exit, `Authentication was unsuccessful. ${error.message}`, {
        hint: `${context.endpoint} does not accept this API token.`,
        cause: error,
      });
    }
    throw error;
  }
}
