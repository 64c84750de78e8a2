import { KeptnEventType } from '@keptn/event-models';
import { type ContextEvent, fieldsOf, subjectOf, textOf } from '../context-event';

/** In the order in which Keptn 0.7 writes them; empty ones of the second list are left out. */
const ALWAYS = ['ProblemID', 'ProblemTitle', 'PID'] as const;
const IF_GIVEN = ['State', 'ProblemURL', 'ImpactedEntity', 'Tags'] as const;

/** The problem of a problem.open as later events carry it. */
export function problemOf(opened: ContextEvent) {
  const given = IF_GIVEN.filter((field) => textOf(opened, field) !== '');
  return {
    ...Object.fromEntries([...given, ...ALWAYS].map((field) => [field, textOf(opened, field)])),
    ProblemDetails: fieldsOf(opened)['ProblemDetails'] ?? null,
  };
}

/**
 * What tells problems of a service apart: the id of the monitoring tool, or for a tool without one, such as Prometheus, what is
 * seen where.
 */
export function problemKey(fields: (name: string) => string): string {
  const id = fields('PID') || fields('ProblemID');
  return id === ''
    ? JSON.stringify(['title', fields('ProblemTitle'), fields('ImpactedEntity')])
    : JSON.stringify(['id', id]);
}

const OVER = new Set(['CLOSED', 'RESOLVED']);

/** Whether an event says that a problem is over, whichever type it has. */
export function isClosing(event: ContextEvent): boolean {
  const isProblem = event.type === KeptnEventType.problem || event.type === KeptnEventType.problemOpen;
  return isProblem && OVER.has(textOf(event, 'State').toUpperCase());
}

/** Names the problem to people. */
export function describeProblem(opened: ContextEvent): string {
  const { service, stage } = subjectOf(opened);
  return `problem "${textOf(opened, 'ProblemTitle')}" of ${service} in ${stage}`;
}
