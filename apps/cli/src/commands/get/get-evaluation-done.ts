import { defineCommand } from '../../command-line/command';
import { eventColumns, eventRow, idOf } from '../../output/event-text';

/** Every page there is: evaluations of one context are few. */
const ALL_PAGES = Number.MAX_SAFE_INTEGER;
const LARGEST_PAGE = 100;

export const getEvaluationDone = defineCommand({
  words: ['get', 'event', 'evaluation-done'],
  summary: 'Show the results of the evaluations in a Keptn context',
  flags: {
    keptnContext: { value: 'id', required: true, summary: 'The Keptn context' },
    wait: { value: 'duration', summary: 'When there is none, wait up to this long for it, e.g. 30s, at most 60s' },
  },
  examples: [
    {
      command: 'keptn get event evaluation-done --keptn-context=a3e5f16d-8888-4720-82c7-6995062905c1',
      says: 'The result of an evaluation',
    },
  ],
  run: async ({ keptnContext, wait }, session) => {
    const { eventLog } = await session.connect();
    session.output.say('Starting to get evaluation-done event');
    const events = await eventLog.events(
      { keptnContext, type: 'sh.keptn.events.evaluation-done' },
      { pageSize: LARGEST_PAGE, pages: ALL_PAGES, wait },
    );
    await session.output.show(
      {
        value: events.length === 1 ? events[0] : events,
        names: events.map((event) => `event/${idOf(event)}`),
        human: events.length === 0 ? 'No event returned' : { columns: eventColumns, rows: events.map(eventRow) },
      },
      events.length === 0 ? 'table' : 'json',
    );
  },
});
