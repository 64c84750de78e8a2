import { type EventContext } from '../../api/answers';
import { type Session } from '../../command-line/session';

/** Sends an event, and tells in which Keptn context it is. Scripts cut the id after `Keptn context:` (contract 6.1). */
export async function sendAndTell(
  event: string | object,
  { dryRun }: { readonly dryRun: boolean },
  session: Session,
): Promise<EventContext> {
  const { controlPlane } = await session.connect({ dryRun });
  const context = await controlPlane.sendEvent(event);
  session.output.say(`ID of Keptn context: ${context.keptnContext}`);
  await session.output.done({ value: { keptnContext: context.keptnContext }, names: [context.keptnContext] });
  return context;
}
