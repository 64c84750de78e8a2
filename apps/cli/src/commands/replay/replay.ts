import { type ReplaySpan } from '../../api/event-broker';
import { defineCommand } from '../../command-line/command';
import { dryRunFlag } from '../../command-line/shared-flags';

export const replay = defineCommand({
  words: ['replay'],
  summary: 'Deliver the events of a time span again',
  details:
    'Those that the subscription wants are delivered beside what comes meanwhile; "keptn get subscription" shows how far it is.',
  arguments: { subscription: { summary: 'Name of the subscription' } },
  flags: {
    from: {
      value: 'start',
      required: true,
      summary: 'Time such as 2026-01-31T10:00:00Z, or the number of the last event before',
    },
    to: { value: 'end', summary: 'Time at which the span ends, or the number of its last event; now unless given' },
    dryRun: dryRunFlag,
  },
  examples: [
    {
      command: 'keptn replay approvals --from=2026-01-31T10:00:00Z --to=2026-01-31T11:00:00Z',
      says: 'What a receiver has lost in an hour',
    },
    { command: 'keptn replay approvals --from=4711', says: 'Everything behind event 4711' },
  ],
  run: async ({ subscription: name, from, to, dryRun }, session) => {
    const { eventBroker } = await session.connect({ dryRun });
    const span = { from: edgeOf(from), ...(to !== undefined && { to: edgeOf(to) }) };
    const { replay: progress } = await eventBroker.replay(name, span);
    if (progress !== undefined) {
      session.output.say(`Events ${progress.position + 1} to ${progress.until} are delivered to ${name} again`);
    }
    await session.output.done({ value: { name, replay: progress }, names: [`subscription/${name}`] });
  },
});

const edgeOf = (text: string): ReplaySpan['from'] =>
  /^\d{1,15}$/.test(text) ? { position: Number(text) } : { time: text };
