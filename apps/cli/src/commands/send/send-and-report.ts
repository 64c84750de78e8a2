import type { EventContext } from '@keptn/api-models';
import { type Session } from '../../command-line/session';

export interface SendOptions {
  readonly dryRun: boolean;
  /** A repeat of the event with the same key is not a new event. */
  readonly idempotencyKey?: string | undefined;
}

/** Sends an event and prints its Keptn context. Scripts cut the id after `Keptn context:` (contract 6.1). */
export async function sendAndReport(
  event: string | object,
  { dryRun, idempotencyKey }: SendOptions,
  session: Session,
): Promise<EventContext> {
  const { controlPlane } = await session.connect({ dryRun });
  const context = await controlPlane.sendEvent(event, idempotencyKey);
  session.output.say(`ID of Keptn context: ${context.keptnContext}`);
  await session.output.done({ value: { keptnContext: context.keptnContext }, names: [context.keptnContext] });
  return context;
}
