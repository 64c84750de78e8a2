import type { Subscription } from '@keptn/api-models';
import { type EventBroker, type SubscriptionUpdate } from '../../api/event-broker';
import { defineCommand } from '../../command-line/command';
import { type Session } from '../../command-line/session';
import { dryRunFlag } from '../../command-line/shared-flags';
import {
  pairsOf,
  type RequestFlags,
  requestSettingsOf,
  secretHeadersOf,
  subscriptionFlags,
} from '../../command-line/subscription-flags';
import { UsageFailure } from '../../failures/failure';

type Action = 'pause' | 'resume' | 'rotateSecret';

export const updateSubscription = defineCommand({
  words: ['update', 'subscription'],
  summary: 'Change, pause or resume a subscription',
  details: 'What no flag names stays as it is, the position included, so that nothing is lost or repeated.',
  arguments: { name: { summary: 'Name of the subscription' } },
  flags: {
    sink: { value: 'url', summary: 'Another URL' },
    ...subscriptionFlags,
    pause: { summary: 'Post nothing until it is resumed' },
    resume: { summary: 'Go on where it was paused or ended' },
    rotateSecret: { summary: 'Make a new secret; the one before is used beside it for a day' },
    dryRun: dryRunFlag,
  },
  examples: [
    { command: 'keptn update subscription approvals --sink=https://hooks.example.com/v2', says: 'Move to another URL' },
    { command: 'keptn update subscription approvals --pause', says: 'Pause it' },
  ],
  run: async ({ name, pause, resume, rotateSecret, dryRun, ...change }, session) => {
    const actions = Object.entries({ pause, resume, rotateSecret }).flatMap(([action, isAsked]) =>
      isAsked ? [action as Action] : [],
    );
    if (actions.length > 1) throw new UsageFailure('--pause, --resume and --rotate-secret exclude each other');
    const { eventBroker } = await session.connect({ dryRun });
    const update = await changesOf(await eventBroker.subscription(name), change, session);
    if (update !== undefined) await eventBroker.updateSubscription(name, update);
    const [action] = actions;
    const secret = action === undefined ? undefined : await ACTIONS[action](eventBroker, name);
    session.output.say(`Subscription ${name} updated`);
    if (secret === undefined) await session.output.done({ value: { name }, names: [`subscription/${name}`] });
    else
      await session.output.show({
        value: { name, secret },
        names: [`subscription/${name}`],
        human: `New secret: ${secret}`,
      });
  },
});

/** Each answers a secret if it has made one. */
const ACTIONS: Readonly<Record<Action, (broker: EventBroker, name: string) => Promise<string | undefined>>> = {
  pause: async (broker, name) => {
    await broker.pause(name);
    return undefined;
  },
  resume: async (broker, name) => {
    await broker.resume(name);
    return undefined;
  },
  rotateSecret: (broker, name) => broker.rotateSecret(name),
};

interface Change extends RequestFlags {
  readonly sink: string | undefined;
  readonly type: readonly string[];
  readonly filter: readonly string[];
  readonly secretHeader: readonly string[];
}

/** @returns undefined when nothing is to be changed */
async function changesOf(
  now: Subscription,
  { sink, type, filter, secretHeader, ...request }: Change,
  { signal, environment }: Session,
): Promise<SubscriptionUpdate | undefined> {
  const settings = await requestSettingsOf(request, signal);
  const lists = [type, filter, secretHeader];
  if (sink === undefined && Object.keys(settings).length === 0 && lists.every(({ length }) => length === 0))
    return undefined;
  return {
    sink: sink ?? now.sink,
    types: type.length > 0 ? [...type] : now.types,
    imported: now.imported,
    maxAge: now.maxAge,
    reportsOutcome: now.reportsOutcome,
    filters: filter.length > 0 ? [{ exact: pairsOf('filter', filter) }] : now.filters,
    protocolSettings: { ...now.protocolSettings, ...settings },
    ...(secretHeader.length > 0 && { secretHeaders: secretHeadersOf(secretHeader, environment.variable) }),
  };
}
