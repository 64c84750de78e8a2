import { fieldsIn, type LoggedEvent, textIn } from '../../api/logged-event';

/** What is done in a stage from one event to the next. */
export interface Span {
  readonly phase: string;
  /** Milliseconds since 1970. */
  readonly from: number;
  /** The same; absent while it is under way. */
  readonly to?: number;
  readonly event: LoggedEvent;
}

export interface Lane<Event extends LoggedEvent = LoggedEvent> {
  readonly stage: string;
  readonly service: string;
  readonly events: readonly Event[];
  readonly spans: readonly Span[];
}

/** What an event begins; one that begins nothing ends what its stage was doing. */
const BEGINS: ReadonlyMap<string, string> = new Map([
  ['sh.keptn.event.configuration.change', 'deploying'],
  ['sh.keptn.events.deployment-finished', 'testing'],
  ['sh.keptn.events.tests-finished', 'evaluating'],
  ['sh.keptn.event.start-evaluation', 'evaluating'],
  ['sh.keptn.event.approval.triggered', 'awaiting approval'],
  ['sh.keptn.event.problem.open', 'remediating'],
  ['sh.keptn.events.problem', 'remediating'],
  ['sh.keptn.event.remediation.triggered', 'remediating'],
  ['sh.keptn.event.action.triggered', 'acting'],
]);

/** Events in the middle of something, which goes on. */
const IN_BETWEEN: ReadonlySet<string> = new Set([
  'sh.keptn.internal.event.get-sli',
  'sh.keptn.internal.event.get-sli.done',
  'sh.keptn.event.approval.reminder',
  'sh.keptn.event.remediation.started',
  'sh.keptn.event.remediation.status.changed',
  'sh.keptn.event.action.started',
]);

/** The events by stage and service, in the order of the log, with what was done between them. */
export function lanesOf<Event extends LoggedEvent>(events: readonly Event[]): readonly Lane<Event>[] {
  const lanes = new Map<string, Event[]>();
  for (const event of events) {
    const key = JSON.stringify([event.stage, event.service]);
    const lane = lanes.get(key);
    if (lane === undefined) lanes.set(key, [event]);
    else lane.push(event);
  }
  return [...lanes.values()].map((lane) => ({
    stage: lane[0]?.stage ?? '',
    service: lane[0]?.service ?? '',
    events: lane,
    // What belongs to no stage asks for something and does nothing itself.
    spans: lane[0]?.stage === '' ? [] : spansOf(lane),
  }));
}

export interface TimeFrame {
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
  /** Whether something is under way, which makes the end the present. */
  readonly isOpen: boolean;
}

/** From when to when a timeline goes; the clock of the page may be behind that of the events. */
export function timeFrameOf(spans: readonly Span[], now: number): TimeFrame {
  const isOpen = spans.some(({ to }) => to === undefined);
  const times = spans.flatMap(({ from, to }) => [from, to ?? from]);
  const start = Math.min(...times);
  return { start, end: Math.max(start + 1, ...times, ...(isOpen ? [now] : [])), isOpen };
}

function spansOf(events: readonly LoggedEvent[]): readonly Span[] {
  const spans: Span[] = [];
  let open: Span | undefined;
  for (const event of events) {
    if (IN_BETWEEN.has(event.type)) continue;
    const time = Date.parse(event.time);
    if (Number.isNaN(time)) continue;
    if (open !== undefined) spans.push({ ...open, to: Math.max(time, open.from) });
    const phase = endsCanary(event) ? undefined : BEGINS.get(event.type);
    open = phase === undefined ? undefined : { phase, from: time, event };
  }
  return open === undefined ? spans : [...spans, open];
}

/** A canary that is promoted or discarded ends what its evaluation has decided. */
const endsCanary = ({ data }: LoggedEvent): boolean =>
  ['discard', 'promote'].includes(textIn(fieldsIn(data['canary']), 'action'));
