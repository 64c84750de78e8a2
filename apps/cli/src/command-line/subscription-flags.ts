import { UsageFailure } from '../failures/failure';
import { type FlagSpec } from './command';

/** What a subscription wants. */
export const subscriptionFlags = {
  type: {
    value: 'type',
    many: true,
    summary: 'Event type, pattern such as sh.keptn.event.>, or beginning such as sh.keptn.events*',
  },
  filter: {
    value: 'name=value',
    many: true,
    summary: 'Attribute or field of the data that must have this value, e.g. project=sockshop',
  },
  mode: {
    value: 'mode',
    choices: ['structured', 'binary'],
    summary: 'Form of the CloudEvent; structured unless given',
  },
  secretHeader: { value: 'name=value', many: true, summary: 'Header of each request whose value is shown to nobody' },
} as const satisfies Record<string, FlagSpec>;

/** `name=value` of flags, as a map. @throws UsageFailure */
export function pairsOf(flag: string, pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
      if (name === undefined || value === undefined)
        throw new UsageFailure(`--${flag} must be name=value, not "${pair}"`);
      return [name, value];
    }),
  );
}
