import { fieldsIn, type LoggedEvent, textIn } from '../../api/logged-event';
import { isClosing } from './reported-problems';

/** What belongs together on the way from a problem to its end. */
export interface RemediationStep<Event extends LoggedEvent> {
  readonly title: string;
  readonly events: readonly Event[];
  /** What came of it; undefined while that is open. */
  readonly result: string | undefined;
}

const STATUS_CHANGED = 'sh.keptn.event.remediation.status.changed';
const FINISHED = 'sh.keptn.event.remediation.finished';
const ACTION_FINISHED = 'sh.keptn.event.action.finished';
const EVALUATED = 'sh.keptn.events.evaluation-done';

/** @param events of a run, in the order of the log */
export function remediationSteps<Event extends LoggedEvent>(
  events: readonly Event[],
): readonly RemediationStep<Event>[] {
  const groups: { title: string; events: Event[] }[] = [{ title: 'Reported', events: [] }];
  for (const event of events) {
    const title = titleOfStep(event);
    if (title !== undefined && groups.at(-1)?.title !== title) groups.push({ title, events: [] });
    groups.at(-1)?.events.push(event);
  }
  return groups
    .filter((group) => group.events.length > 0)
    .map((group) => ({ ...group, result: resultOfStep(group.events) }));
}

/** @returns undefined for an event in the middle of a step */
function titleOfStep(event: LoggedEvent): string | undefined {
  if (isClosing(event)) return 'Closed';
  if (event.type === FINISHED) return 'Remediation finished';
  if (event.type !== STATUS_CHANGED) return undefined;
  const { actionIndex, actionName } = fieldsIn(fieldsIn(event.data['remediation'])['result']);
  const number = typeof actionIndex === 'number' ? `Action ${actionIndex + 1}` : 'Action';
  return typeof actionName === 'string' && actionName !== '' ? `${number}: ${actionName}` : number;
}

/** The last word counts: an evaluation comes after the action whose effect it judges. */
function resultOfStep(events: readonly LoggedEvent[]): string | undefined {
  const last = events.findLast(({ type }) => [ACTION_FINISHED, EVALUATED, FINISHED].includes(type));
  if (last === undefined) return events.some(isClosing) ? 'closed' : undefined;
  if (last.type === EVALUATED) return textIn(last.data, 'result');
  const { status, result } = fieldsIn(last.data[last.type === FINISHED ? 'remediation' : 'action']);
  return [result, status].find((text) => typeof text === 'string' && text !== '') as string | undefined;
}
