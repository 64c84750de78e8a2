import type { ExplainedDelivery } from '@keptn/api-models';
import { locationOf, resultOf, sourceOf } from '../../output/event-text';
import { type Output } from '../../output/output';
import { type Explanation } from './explanation';

type Paint = Output['paint'];

/** An event, and below it a line for each thing that is known about it. */
export function drawExplanation(explanation: Explanation, paint: Paint): string {
  const {
    sequence,
    storedAt = 'accepted at an unknown time',
    type,
    event,
    followedBy,
    decisions,
    awaits,
  } = explanation;
  const about = [locationOf(event), sourceOf(event), resultOf(event)].filter((text) => text !== '').join('  ');
  return [
    `${paint.bold(`${sequence}  ${type}`)}  ${about}`,
    line('accepted', storedAt),
    ...explanation.deliveries.map((delivery) => line(delivery.outcome, describe(delivery, paint))),
    ...decisions.map(({ part, because }) => line('decided', `${part}: ${because}`)),
    ...followedBy.map((next) => line('followed', `${next.sequence}  ${next.type}`)),
    ...(awaits === undefined ? [] : [line('awaits', paint.yellow(awaits))]),
  ].join('\n');
}

const LABEL_WIDTH = 10;

const line = (label: string, text: string): string => `      ${label.padEnd(LABEL_WIDTH)} ${text}`;

function describe(
  { subscription, outcome, attemptCount, lastAttemptAt, lastAnswer }: ExplainedDelivery,
  paint: Paint,
): string {
  if (attemptCount === undefined || lastAttemptAt === undefined) return subscription;
  const attempts = attemptCount === 1 ? '' : `${attemptCount} attempts, `;
  const text = `${subscription}  ${attempts}${lastAnswer ?? ''} at ${lastAttemptAt}`;
  return outcome === 'delivered' ? text : paint.red(text);
}
