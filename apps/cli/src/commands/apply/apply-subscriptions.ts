import { isDeepStrictEqual } from 'node:util';
import type { NewSubscription, Subscription } from '@keptn/api-models';
import { type EventBroker } from '../../api/event-broker';
import { type Session } from '../../command-line/session';
import { readInput } from '../../input/read-input';
import { readSubscriptions } from './read-subscriptions';

/** What a file says about a subscription, and `from` and `name` are not part of it once it is there. */
const COMPARED = ['sink', 'types', 'filters', 'imported', 'maxAge', 'reportsOutcome', 'protocolSettings'] as const;

interface SubscriptionChange {
  readonly wanted: NewSubscription;
  readonly isNew: boolean;
  /** What differs. Secrets cannot be compared, so they always do. */
  readonly fields: readonly string[];
}

/** Makes subscriptions what a file says; those that it does not name stay. */
export async function applySubscriptions(
  file: string,
  { dryRun }: { readonly dryRun: boolean },
  session: Session,
): Promise<void> {
  const { output, environment, signal } = session;
  const wanted = await readSubscriptions(await readInput(file, signal), file, environment.variable);
  const { eventBroker } = await session.connect();
  const existing = new Map((await eventBroker.subscriptions()).map((each) => [each.name, each]));
  const changes = wanted.flatMap((each) => changeOf(each, existing.get(each.name)) ?? []);
  for (const {
    wanted: { name },
    isNew,
    fields,
  } of changes) {
    output.say(
      isNew
        ? output.paint.green(`+ subscription ${name}`)
        : output.paint.yellow(`~ subscription ${name}: ${fields.join(', ')}`),
    );
  }
  const secrets = new Map<string, string>();
  if (changes.length === 0) output.say(`The subscriptions are as ${file} says: nothing to change`);
  else if (dryRun) output.say('Dry run: nothing was changed');
  else for (const change of changes) await carryOut(change, eventBroker, secrets);
  for (const [name, secret] of secrets)
    output.say(`Secret of the signatures for ${name}, which is not shown again: ${secret}`);
  await output.done({
    value: changes.map(({ wanted: { name }, isNew, fields }) => ({
      name,
      created: isNew,
      fields,
      secret: secrets.get(name),
    })),
    names: changes.map(({ wanted: { name } }) => `subscription/${name}`),
  });
}

function changeOf(wanted: NewSubscription, existing: Subscription | undefined): SubscriptionChange | undefined {
  if (existing === undefined) return { wanted, isNew: true, fields: [] };
  const fields: string[] = COMPARED.filter((field) => !isDeepStrictEqual(plain(wanted[field]), plain(existing[field])));
  if (wanted.secretHeaders !== undefined) fields.push('secretHeaders');
  return fields.length === 0 ? undefined : { wanted, isNew: false, fields };
}

async function carryOut(
  { wanted, isNew }: SubscriptionChange,
  eventBroker: EventBroker,
  secrets: Map<string, string>,
): Promise<void> {
  const { name, from, ...spec } = wanted;
  if (!isNew) {
    await eventBroker.updateSubscription(name, spec);
    return;
  }
  const { secret } = await eventBroker.createSubscription({ name, from, ...spec });
  secrets.set(name, secret);
}

/** As JSON has it: without fields that have no value. */
const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
