import { type JsonObject } from '@keptn/event-models/json';
import { defineCommand } from '../../command-line/command';
import { Failure } from '../../failures/failure';
import { idOf } from '../../output/event-text';
import { drawTrace } from './draw-trace';

const LARGEST_PAGE = 100;
const ALL_PAGES = Number.MAX_SAFE_INTEGER;

export const trace = defineCommand({
  words: ['trace'],
  summary: 'Show all events of a Keptn context as a tree, with times and results',
  arguments: { keptnContext: { summary: 'Id of the Keptn context, or the text that it was made from' } },
  examples: [
    { command: 'keptn trace a3e5f16d-8888-4720-82c7-6995062905c1', says: 'What happened' },
    { command: 'keptn trace a3e5f16d-8888-4720-82c7-6995062905c1 -o json', says: 'All events, oldest first' },
  ],
  run: async ({ keptnContext }, session) => {
    const { toKeptnContext } = await import('../../models');
    const { eventLog } = await session.connect();
    const newestFirst = await eventLog.events(
      { keptnContext: toKeptnContext(keptnContext) },
      { pageSize: LARGEST_PAGE, pages: ALL_PAGES },
    );
    if (newestFirst.length === 0) {
      throw new Failure('notFound', `No event belongs to the Keptn context ${keptnContext}`);
    }
    const events: JsonObject[] = newestFirst.toReversed();
    await session.output.show({
      value: events,
      names: events.map((event) => `event/${idOf(event)}`),
      human: drawTrace(events, session.output.paint),
    });
  },
});
