import { type EventJson } from '../matching/filter';

/** An event of the log, read once for everyone who gets it. */
export interface LogEvent {
  /** Its number in the log. */
  readonly sequence: number;
  /** Its JSON as it is stored, which is what receivers get. */
  readonly text: string;
  readonly json: EventJson;
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly keptnContext: string | undefined;
  /** Undefined for an event of no project. */
  readonly project?: string | undefined;
}

/** @param text as the log serves it */
export function logEventOf(sequence: number, text: string): LogEvent {
  const json = JSON.parse(text) as EventJson;
  return {
    sequence,
    text,
    json,
    id: textOf(json['id']) ?? '',
    source: textOf(json['source']) ?? '',
    type: textOf(json['type']) ?? '',
    keptnContext: textOf(json['shkeptncontext']),
    project: projectOf(json['data']),
  };
}

const projectOf = (data: unknown): string | undefined =>
  typeof data === 'object' && data !== null && 'project' in data ? textOf(data.project) : undefined;

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
