import { KeptnEventType } from '@keptn/event-models';

/** Subjects of Keptn: those that the stream keeps and that events are taken from. */
export const KEPTN_SUBJECTS = 'sh.keptn.>';
const KEPTN_PREFIX = 'sh.keptn.';

/** Of a token of a subject: no blanks, no control characters, no wildcards. */
const TOKEN = /^[^\s\p{Cc}*>]+$/u;

/** Subjects that steer the server (`$JS.API…`, `$SYS…`) or carry answers (`_INBOX…`). */
const RESERVED = /^[$_]/;

/** Whether the stream keeps messages of the subject. */
export const isKeptnSubject = (subject: string): boolean => subject.startsWith(KEPTN_PREFIX);

/**
 * The subject of an event is its type.
 *
 * @returns why events of a type never go out, undefined when they do
 */
export function subjectRefusal(type: string): string | undefined {
  if (type === KeptnEventType.log) return 'messages of channels are not sent over NATS';
  if (!type.split('.').every((token) => TOKEN.test(token))) return `the type "${type}" is no subject of NATS`;
  if (RESERVED.test(type)) return `the type "${type}" is a reserved subject of NATS`;
  return undefined;
}
