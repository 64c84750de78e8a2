import { InvalidJson, isJsonObject, parseJson } from '@keptn/event-models/json';
import { defineCommand } from '../../command-line/command';
import { dryRunFlag } from '../../command-line/shared-flags';
import { Failure } from '../../failures/failure';
import { readInput } from '../../input/read-input';
import { sendAndTell } from './send-and-tell';

export const sendEvent = defineCommand({
  words: ['send', 'event'],
  summary: 'Send an event from a file',
  details:
    'The file holds a CloudEvent as JSON with type, source and data. Events with the same shkeptncontext belong together; ' +
    'without one a new Keptn context begins.',
  flags: {
    file: { short: 'f', value: 'file', required: true, completes: 'file', summary: 'File with the event; - for stdin' },
    dryRun: dryRunFlag,
  },
  examples: [
    { command: 'keptn send event --file=deployment-finished.json', says: 'An event' },
    { command: 'jq .event answer.json | keptn send event --file=-', says: 'What another program writes' },
  ],
  run: async ({ file, dryRun }, session) => {
    const event = (await readInput(file)).toString('utf8');
    assertEvent(file, event);
    await sendAndTell(event, { dryRun }, session);
  },
});

/** @throws Failure when the server could only say the same */
function assertEvent(file: string, text: string): void {
  try {
    if (isJsonObject(parseJson(text))) {
      return;
    }
  } catch (error) {
    if (!(error instanceof InvalidJson)) {
      throw error;
    }
    throw new Failure('usage', `${file} is no event: ${error.message}`, { cause: error });
  }
  throw new Failure('usage', `${file} is no event: a JSON object with type, source and data is needed`);
}
