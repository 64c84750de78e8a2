import { InvalidJson, isJsonObject, parseJson } from '@keptn/event-models/json';
import { defineCommand } from '../../command-line/command';
import { assertIdempotencyKey, idempotencyKeyFlag } from '../../command-line/idempotency-key';
import { dryRunFlag } from '../../command-line/shared-flags';
import { Failure } from '../../failures/failure';
import { readInput } from '../../input/read-input';
import { decodeText } from '../../input/text';
import { sendAndReport } from './send-and-report';

export const sendEvent = defineCommand({
  words: ['send', 'event'],
  summary: 'Send an event from a file',
  details:
    'The file holds a CloudEvent as JSON with type, source and data. Events with the same shkeptncontext belong together; ' +
    'without one a new Keptn context begins.',
  flags: {
    file: { short: 'f', value: 'file', required: true, completes: 'file', summary: 'File with the event; - for stdin' },
    idempotencyKey: idempotencyKeyFlag('a new event'),
    dryRun: dryRunFlag,
  },
  examples: [
    { command: 'keptn send event --file=deployment-finished.json', says: 'An event' },
    { command: 'jq .event answer.json | keptn send event --file=-', says: 'What another program writes' },
    {
      command: 'keptn send event --file=event.json --idempotency-key=build-4711',
      says: 'Once, however often it is tried',
    },
  ],
  run: async ({ file, idempotencyKey, dryRun }, session) => {
    assertIdempotencyKey(idempotencyKey);
    const event = decodeText(await readInput(file, session.signal), file);
    assertEvent(file, event);
    await sendAndReport(event, { dryRun, idempotencyKey }, session);
  },
});

/** @throws Failure for what the server would refuse as well */
function assertEvent(file: string, text: string): void {
  try {
    if (isJsonObject(parseJson(text))) {
      return;
    }
  } catch (error) {
    if (!(error instanceof InvalidJson)) {
      throw error;
    }
    throw new Failure('usage', `${file} is not an event: ${error.message}`, { cause: error });
  }
  throw new Failure('usage', `${file} is not an event: a JSON object with type, source and data is needed`);
}
