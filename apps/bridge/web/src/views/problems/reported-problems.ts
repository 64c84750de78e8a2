import { type LoggedEvent, textIn } from '../../api/logged-event';

const PROBLEMS: ReadonlySet<string> = new Set(['sh.keptn.event.problem.open', 'sh.keptn.events.problem']);
const OVER: ReadonlySet<string> = new Set(['CLOSED', 'RESOLVED']);
const FIELDS = ['ProblemTitle', 'ProblemURL', 'ImpactedEntity', 'ProblemID', 'Tags'] as const;

/** What a run says of a service in a stage. */
export interface ReportedProblem extends Pick<LoggedEvent, 'project' | 'service' | 'stage'> {
  readonly isOpen: boolean;
  /** When it was first reported, or again after it had been closed. */
  readonly openedAt: string;
  /** What the monitoring tool says of it; what it does not say is absent. */
  readonly fields: { readonly [Name in (typeof FIELDS)[number]]?: string };
}

/**
 * The problems of a run, one for each service in each stage. As in the list of problems the last event decides.
 *
 * @param events of a run, in the order of the log
 */
export function reportedProblems(events: readonly LoggedEvent[]): readonly ReportedProblem[] {
  const problems = new Map<string, ReportedProblem>();
  for (const event of events) {
    if (!PROBLEMS.has(event.type)) continue;
    const place = JSON.stringify([event.project, event.stage, event.service]);
    problems.set(place, afterEvent(problems.get(place), event));
  }
  return [...problems.values()];
}

export const isClosing = ({ type, data }: LoggedEvent): boolean =>
  PROBLEMS.has(type) && OVER.has(textIn(data, 'State').toUpperCase());

/** What closes a problem need not say again what it is. */
function afterEvent(before: ReportedProblem | undefined, event: LoggedEvent): ReportedProblem {
  const { project, stage, service, time, data } = event;
  const isOpen = !isClosing(event);
  const isKnown = before !== undefined && (!isOpen || before.isOpen);
  const given = FIELDS.map((name) => [name, textIn(data, name)] as const).filter(([, text]) => text !== '');
  return {
    ...{ project, stage, service, isOpen },
    openedAt: isKnown ? before.openedAt : time,
    fields: { ...before?.fields, ...Object.fromEntries(given) },
  };
}
