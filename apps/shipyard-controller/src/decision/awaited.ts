import { KeptnEventType } from '@keptn/event-models';
import { type ContextEvent, isAbout, isSameEvent, subjectOf, textOf } from './context-event';

/** What has to come after an event before anything else happens, and who sends it. */
interface Awaited {
  readonly types: readonly string[];
  readonly from: string;
}

const AWAITED: ReadonlyMap<string, Awaited> = new Map([
  [
    KeptnEventType.configurationChange,
    {
      types: [KeptnEventType.deploymentFinished],
      from: 'an execution-plane service that deploys, such as helm-service',
    },
  ],
  [
    KeptnEventType.deploymentFinished,
    { types: [KeptnEventType.testsFinished], from: 'an execution-plane service that tests, such as jmeter-service' },
  ],
  [KeptnEventType.testsFinished, { types: [KeptnEventType.evaluationDone], from: 'lighthouse-service' }],
  [KeptnEventType.startEvaluation, { types: [KeptnEventType.evaluationDone], from: 'lighthouse-service' }],
  [KeptnEventType.getSli, { types: [KeptnEventType.getSliDone], from: 'an SLI provider' }],
  [
    KeptnEventType.actionTriggered,
    {
      types: [KeptnEventType.actionStarted, KeptnEventType.actionFinished],
      from: 'a service that carries out the action',
    },
  ],
  [KeptnEventType.approvalTriggered, { types: [KeptnEventType.approvalFinished], from: 'a person who decides' }],
]);

/** A promoted or discarded canary is answered by nobody. */
function isAnswered(event: ContextEvent): boolean {
  if (event.type !== KeptnEventType.configurationChange) return true;
  return !/"action":"(?:promote|discard)"/.test(JSON.stringify(event.data));
}

/**
 * Says what an event waits for, undefined when it waits for nothing, or no longer.
 *
 * @param events all of the context
 */
export function awaitedAfter(event: ContextEvent, events: readonly ContextEvent[]): string | undefined {
  const awaited = AWAITED.get(event.type);
  if (awaited === undefined || !isAnswered(event)) return undefined;
  const later = events.slice(events.findIndex((other) => isSameEvent(event, other)) + 1);
  const hasCome = later.some(({ type, triggeredid, ...rest }) => {
    if (!awaited.types.includes(type)) return false;
    return triggeredid === event.id || isOfSameStage(event, { type, ...rest });
  });
  return hasCome ? undefined : `${awaited.types.map(shortName).join(' or ')} from ${awaited.from}`;
}

/** An event without a stage means the first one, whose name its answers carry. */
function isOfSameStage(event: ContextEvent, answer: ContextEvent): boolean {
  const subject = subjectOf(event);
  return isAbout({ ...subject, stage: subject.stage || textOf(answer, 'stage') }, answer);
}

function shortName(type: string): string {
  return type.replace(/^sh\.keptn\.(?:internal\.)?events?\./, '');
}
