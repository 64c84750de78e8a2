import { defineCommand } from '../../command-line/command';
import { dryRunFlag } from '../../command-line/shared-flags';
import { pairsOf, requestSettingsOf, secretHeadersOf, subscriptionFlags } from '../../command-line/subscription-flags';

const DAY_OR_TIME = /^\d{4}-/;

export const createSubscription = defineCommand({
  words: ['create', 'subscription'],
  summary: 'Have events posted to a URL',
  details:
    'Requests are signed (Standard Webhooks); the secret is printed once. What fails is tried again with growing pauses.',
  arguments: { name: { summary: 'Name of the new subscription' } },
  flags: {
    sink: {
      value: 'url',
      required: true,
      summary: 'URL that events are posted to, or command:NAME for a command that the operator has listed',
    },
    ...subscriptionFlags,
    from: {
      value: 'start',
      summary: 'Where it starts: end, beginning, or a time such as 2026-01-31T10:00:00Z; end unless given',
    },
    reportsOutcome: {
      summary: 'Have deployment-finished, tests-finished or action.finished follow when the receiver has answered',
    },
    dryRun: dryRunFlag,
  },
  examples: [
    {
      command:
        'keptn create subscription approvals --sink=https://hooks.example.com/keptn --type=sh.keptn.event.approval.triggered',
      says: 'Be asked for approvals',
    },
    {
      command:
        'keptn create subscription carts --sink=https://hooks.example.com/keptn --filter=project=sockshop --filter=service=carts',
      says: 'All events of a service',
    },
    {
      command:
        'keptn create subscription chat --sink=https://chat.example.com/hook --type=sh.keptn.events.evaluation-done --template=chat.json.liquid',
      says: 'Requests in the form that the receiver wants',
    },
  ],
  run: async (
    { name, sink, type, filter, secretHeader, from = 'end', reportsOutcome, dryRun, ...request },
    session,
  ) => {
    const { eventBroker } = await session.connect({ dryRun });
    const exact = pairsOf('filter', filter);
    const { secret, ...subscription } = await eventBroker.createSubscription({
      name,
      sink,
      types: [...type],
      filters: filter.length === 0 ? [] : [{ exact }],
      protocolSettings: await requestSettingsOf(request, session.signal),
      ...(reportsOutcome && { reportsOutcome }),
      ...(secretHeader.length > 0 && { secretHeaders: secretHeadersOf(secretHeader, session.environment.variable) }),
      from: DAY_OR_TIME.test(from) ? { time: from } : from === 'beginning' ? 'beginning' : 'end',
    });
    session.output.say(`Subscription ${name} created`);
    await session.output.show({
      value: { ...subscription, secret },
      names: [`subscription/${name}`],
      human: `Secret of its signatures, which is not shown again: ${secret}`,
    });
  },
});
