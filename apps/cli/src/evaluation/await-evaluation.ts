import { type JsonObject } from '@keptn/event-models/json';
import { type EventLog } from '../api/event-log';
import { Failure } from '../failures/failure';

const DONE = 'sh.keptn.events.evaluation-done';

/** What the server waits at most in one request, in seconds. */
const LONGEST_POLL = 30;

/**
 * The event with the result of an evaluation, as soon as it is there.
 *
 * @throws Failure when there is none in time
 */
export async function awaitEvaluation(
  { keptnContext, seconds }: { readonly keptnContext: string; readonly seconds: number },
  eventLog: EventLog,
): Promise<JsonObject> {
  const deadline = Date.now() + seconds * 1000;
  for (let left = seconds; left > 0; left = (deadline - Date.now()) / 1000) {
    const wait = `${Math.ceil(Math.min(left, LONGEST_POLL))}s`;
    const [event] = await eventLog.events({ keptnContext, type: DONE }, { pageSize: 1, pages: 1, wait });
    if (event !== undefined) return event;
  }
  throw new Failure('notFound', `there was no result within ${seconds} seconds`, {
    hint: `See "keptn trace ${keptnContext}".`,
  });
}
