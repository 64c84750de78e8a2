import { randomUUID } from 'node:crypto';
import { KeptnEventType } from '@keptn/event-models';

export interface LogLine {
  readonly message: string;
  readonly loglevel: 'INFO' | 'ERROR' | 'DEBUG';
  /** Ends the wait of clients. */
  readonly terminate?: boolean;
}

/** The message of a channel as clients of 0.7.3 read it (contract 3.10), with `contentType` as they spell it. */
export function frameOf(keptnContext: string, { message, loglevel, terminate = false }: LogLine): string {
  return JSON.stringify({
    specversion: '0.2',
    contentType: 'application/json',
    data: { message, terminate, loglevel },
    id: randomUUID(),
    time: new Date().toISOString(),
    type: KeptnEventType.log,
    source: 'https://github.com/keptn/keptn',
    shkeptncontext: keptnContext,
  });
}
