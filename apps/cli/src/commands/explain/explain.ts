import { isJsonObject, type JsonObject } from '@keptn/event-models/json';
import { orMissing } from '../../api/eventually';
import { type ExplainedEvent } from '../../api/shipyard-controller';
import { defineCommand } from '../../command-line/command';
import { type Server } from '../../command-line/session';
import { Failure } from '../../failures/failure';
import { Refusal } from '../../failures/refusal';
import { dataOf, idOf } from '../../output/event-text';
import { drawExplanation } from './draw-explanation';
import { type Explanation } from './explanation';

const LARGEST_PAGE = 100;
const ALL_PAGES = Number.MAX_SAFE_INTEGER;

export const explain = defineCommand({
  words: ['explain'],
  summary: 'Say of an event, or of all of a Keptn context, what became of it and why',
  details:
    'When it was accepted, under which number the log has it, to whom it was delivered and with which outcome, what was decided about ' +
    'it, which events followed, and what they wait for.',
  arguments: { eventOrContext: { summary: 'Id of an event, or Keptn context' } },
  examples: [
    { command: 'keptn explain a3e5f16d-8888-4720-82c7-6995062905c1', says: 'Why is it not in production?' },
    { command: 'keptn explain 6de83495-4f83-481c-8dbe-fcceb2e0243b -o json', says: 'One event, for a program' },
  ],
  run: async ({ eventOrContext }, session) => {
    const server = await session.connect();
    const [single] = await server.eventLog.events({ eventID: eventOrContext }, { pageSize: 1, pages: 1 });
    const all = await explainContext(await contextOf(eventOrContext, single), server);
    const wanted = single === undefined ? all : all.filter(({ id }) => id === eventOrContext);
    await session.output.show({
      value: wanted,
      names: wanted.map(({ id }) => `event/${id}`),
      human: wanted.map((each) => drawExplanation(each, session.output.paint)).join('\n'),
    });
  },
});

async function contextOf(text: string, event: JsonObject | undefined): Promise<string> {
  if (typeof event?.['shkeptncontext'] === 'string') return event['shkeptncontext'];
  const { toKeptnContext } = await import('../../models');
  return toKeptnContext(text);
}

async function explainContext(keptnContext: string, server: Server): Promise<Explanation[]> {
  const distributed = await orMissing(server.eventBroker.explain(keptnContext));
  if (distributed === undefined) {
    throw new Failure('notFound', `No event and no Keptn context is called ${keptnContext}`);
  }
  const [newestFirst, explained] = await Promise.all([
    server.eventLog.events({ keptnContext }, { pageSize: LARGEST_PAGE, pages: ALL_PAGES }),
    decisionsOf(keptnContext, server),
  ]);
  const events = new Map(newestFirst.map((event) => [idOf(event), event]));
  return distributed.map((each) => {
    const { decisions, awaits } = explained.find(({ id }) => id === each.id) ?? { decisions: [] };
    const followedBy = distributed
      .filter(({ id }) => causeOf(events.get(id)) === each.id)
      .map(({ sequence, type }) => ({ sequence, type }));
    return { ...each, event: events.get(each.id) ?? {}, followedBy, decisions, awaits };
  });
}

/** None where shipyard-controller is left out. */
async function decisionsOf(keptnContext: string, { shipyardController }: Server): Promise<ExplainedEvent[]> {
  try {
    return await shipyardController.explain(keptnContext);
  } catch (error) {
    if (error instanceof Refusal && (error.status === 404 || error.exit === 'unreachable')) return [];
    throw error;
  }
}

/** The event that an event follows from, as whoever sent it says. */
function causeOf(event: JsonObject | undefined): string | undefined {
  if (event === undefined) return undefined;
  const decision = dataOf(event)['decision'];
  const cause = decision !== undefined && isJsonObject(decision) ? decision['cause'] : event['triggeredid'];
  return typeof cause === 'string' ? cause : undefined;
}
