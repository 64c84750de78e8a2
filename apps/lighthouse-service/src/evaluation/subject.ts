import { isJsonObject, type JsonObject } from '@keptn/event-models';
import { type EvaluationSubject } from '@keptn/quality-gate';
import { EventRefused, type LoggedEvent } from '@keptn/service-kit/reacting';

/** @throws EventRefused */
export function dataOf({ data }: Pick<LoggedEvent, 'data'>): JsonObject {
  if (!isJsonObject(data)) throw new EventRefused('data in body must be an object');
  return data;
}

/**
 * What an evaluation is about, as an event says it. Missing texts are empty.
 *
 * @throws EventRefused for a text that is none
 */
export function subjectOf(event: Pick<LoggedEvent, 'data'>): EvaluationSubject {
  const data = dataOf(event);
  const text = (name: string): string => textOf(data, name);
  return {
    project: text('project'),
    stage: text('stage'),
    service: text('service'),
    teststrategy: text('teststrategy'),
    deploymentstrategy: text('deploymentstrategy'),
    start: text('start'),
    end: text('end'),
    labels: labelsOf(data),
  };
}

/** @throws EventRefused */
export function textOf(data: JsonObject, name: string): string {
  const value = data[name] ?? '';
  if (typeof value !== 'string') throw new EventRefused(`data.${name} in body must be of type string`);
  return value;
}

/** Every event that is sent has texts as labels; a number or boolean becomes one. */
function labelsOf(data: JsonObject): Readonly<Record<string, string>> | null {
  const labels = data['labels'] ?? null;
  if (labels === null) return null;
  if (!isJsonObject(labels)) throw new EventRefused('data.labels in body must be an object or null');
  return Object.fromEntries(
    Object.entries(labels).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}
