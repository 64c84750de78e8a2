import { isJsonObject, KeptnEventType, type Shipyard } from '@keptn/event-models';
import { before, type ContextEvent, fieldsOf, type Subject, subjectOf, textOf } from '../context-event';
import { isReportedAs } from './image-reference';

/** The reference of the image that an event wants deployed, empty when it names none. */
export function wantedImage(event: ContextEvent): string {
  const values = fieldsOf(event)['valuesCanary'];
  const image = isJsonObject(values) ? values['image'] : undefined;
  return typeof image === 'string' ? image : '';
}

function isWantedIn({ project, stage, service }: Subject, event: ContextEvent, shipyard: Shipyard): boolean {
  const wanted = subjectOf(event);
  // Without a stage it means the first one.
  const wantedStage = wanted.stage === '' ? shipyard.stages[0]?.name : wanted.stage;
  return wanted.project === project && wantedStage === stage && wanted.service === service;
}

/**
 * The image reference that a stage of this context runs.
 *
 * The event that wanted it counts more than the one that reports it: helm-service of 0.7 cuts references at each colon.
 *
 * @param deployment the deployment-finished in question; absent when the context has none
 * @returns undefined when the context does not say
 */
export function artifactOf(
  subject: Subject,
  deployment: ContextEvent | undefined,
  events: readonly ContextEvent[],
  shipyard: Shipyard,
): string | undefined {
  const earlier = deployment === undefined ? events : before(deployment, events);
  const wanted = earlier
    .filter((event) => event.type === KeptnEventType.configurationChange && isWantedIn(subject, event, shipyard))
    .map(wantedImage)
    .filter((image) => image !== '');
  if (deployment === undefined) return wanted.at(-1);
  const image = textOf(deployment, 'image');
  const tag = textOf(deployment, 'tag');
  if (image === '') return wanted.at(-1);
  return (
    wanted.findLast((reference) => isReportedAs(reference, { image, tag })) ?? (tag === '' ? image : `${image}:${tag}`)
  );
}
