import type { ProtocolSettings, RequestTemplate } from '@keptn/api-models';
import { UsageFailure } from '../failures/failure';
import { readInput } from '../input/read-input';
import { decodeText } from '../input/text';
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
  template: {
    value: 'file',
    completes: 'file',
    summary: 'Liquid template of the body, in place of the CloudEvent',
  },
  contentType: {
    value: 'type',
    choices: ['application/json', 'application/x-www-form-urlencoded', 'text/plain'],
    summary: 'What the template makes; application/json unless given',
  },
  header: { value: 'name=value', many: true, summary: 'Header of each request' },
  secretHeader: { value: 'name=value', many: true, summary: 'Header of each request whose value is shown to nobody' },
} as const satisfies Record<string, FlagSpec>;

export interface RequestFlags {
  readonly mode: string | undefined;
  readonly template: string | undefined;
  readonly contentType: string | undefined;
  readonly header: readonly string[];
}

/**
 * What flags say about the request. A template is read from its file.
 *
 * @throws Failure when they contradict each other or the file cannot be read
 */
export async function requestSettingsOf(
  { mode, template, contentType, header }: RequestFlags,
  signal: AbortSignal,
): Promise<Partial<ProtocolSettings>> {
  if (template !== undefined && mode !== undefined) throw new UsageFailure('--template and --mode exclude each other');
  if (template === undefined && contentType !== undefined) throw new UsageFailure('--content-type needs --template');
  return {
    ...(header.length > 0 && { headers: pairsOf('header', header) }),
    ...(mode !== undefined && { mode: mode === 'binary' ? 'binary' : 'structured', template: undefined }),
    ...(template !== undefined && {
      mode: 'template',
      template: {
        body: decodeText(await readInput(template, signal), template),
        contentType: (contentType ?? 'application/json') as RequestTemplate['contentType'],
      },
    }),
  };
}

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
