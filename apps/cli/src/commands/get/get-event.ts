import { defineCommand } from '../../command-line/command';
import { anyProjectFlag, serviceFlag, stageFlag } from '../../command-line/shared-flags';
import { Failure, UsageFailure } from '../../failures/failure';
import { eventColumns, eventLine, eventRow, idOf } from '../../output/event-text';

export const getEvent = defineCommand({
  words: ['get', 'event'],
  aliases: ['events'],
  summary: 'Show the latest events, or follow them as they happen',
  details:
    'With a type the latest event is shown as JSON, without one the latest twenty as a table. One event is an object, ' +
    'several are an array.',
  arguments: { type: { optional: true, summary: 'Type of the events', completes: 'event-type' } },
  flags: {
    project: anyProjectFlag,
    stage: stageFlag,
    service: serviceFlag,
    keptnContext: { value: 'id', summary: 'Only events of this Keptn context' },
    since: { value: 'time', summary: 'Only events later than this time, e.g. 2026-01-31T12:00:00Z' },
    pageSize: { value: 'number', summary: 'Events on a page, at most 100; 1 with a type, else 20' },
    numOfPages: { value: 'number', summary: 'Pages to show; 1 unless given' },
    wait: { value: 'duration', summary: 'When there is none, wait up to this long for it, e.g. 30s, at most 60s' },
    watch: {
      short: 'w',
      summary: 'Show events as they are stored, until Ctrl-C; a connection that breaks is made again',
    },
  },
  examples: [
    { command: 'keptn get event --project=sockshop', says: 'The latest events of a project' },
    { command: 'keptn get event --project=sockshop --watch -o json', says: 'What happens, one event a line' },
    {
      command:
        'keptn get event sh.keptn.events.evaluation-done --keptn-context=a3e5f16d-8888-4720-82c7-6995062905c1 --wait=60s',
      says: 'The result of an evaluation that may still run',
    },
  ],
  run: async ({ type, pageSize, numOfPages, wait, watch, since, ...filter }, session) => {
    const { eventLog } = await session.connect();
    const { output } = session;
    const searched = { ...filter, type, fromTime: since };
    if (watch) {
      const onBreak = (sentence: string): void => {
        output.warn(sentence);
      };
      for await (const event of eventLog.watch(searched, { signal: session.signal, onBreak })) {
        output.showOne(event, eventLine(event));
      }
      return;
    }
    const events = await eventLog.events(searched, {
      pageSize: numberOf('page-size', pageSize, type === undefined ? 20 : 1),
      pages: numberOf('num-of-pages', numOfPages, 1),
      wait,
    });
    if (wait !== undefined && events.length === 0) {
      throw new Failure('notFound', `No event returned within ${wait}`);
    }
    await output.show(
      {
        value: events.length === 1 && type !== undefined ? events[0] : events,
        names: events.map((event) => `event/${idOf(event)}`),
        human: events.length === 0 ? 'No event returned' : { columns: eventColumns, rows: events.map(eventRow) },
      },
      type === undefined || events.length === 0 ? 'table' : 'json',
    );
  },
});

/** @throws UsageFailure */
function numberOf(flag: string, text: string | undefined, standard: number): number {
  if (text === undefined) {
    return standard;
  }
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new UsageFailure(`--${flag} must be a number from 1`);
  }
  return Number(text);
}
