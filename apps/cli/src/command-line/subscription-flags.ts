import type { ProtocolSettings, RequestTemplate } from '@keptn/api-models';
import { UsageFailure } from '../failures/failure';
import { readInput } from '../input/read-input';
import { decodeText } from '../input/text';
import { type Variables, withVariables } from '../input/variables';
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
  secretHeader: {
    value: 'name=value',
    many: true,
    summary:
      'Header of each request whose value is shown to nobody; ${NAME} in single quotes stands for a variable of the environment',
  },
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
    ...(header.length > 0 && { headers: headersOf('header', header) }),
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

/** Secret headers of flags, with variables of the environment in place of `${NAME}`. @throws UsageFailure */
export const secretHeadersOf = (pairs: readonly string[], variable: Variables): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headersOf('secret-header', pairs)).map(([name, value]) => [name, withVariables(value, variable)]),
  );

/** A token of RFC 9110, section 5.6.2. */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/** @throws UsageFailure also for `name: value=`, as curl has it */
function headersOf(flag: string, pairs: readonly string[]): Record<string, string> {
  const headers = pairsOf(flag, pairs);
  if (!Object.keys(headers).every((name) => HEADER_NAME.test(name))) throw notAPair(flag);
  return headers;
}

/** `name=value` of flags, as a map. @throws UsageFailure */
export function pairsOf(flag: string, pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
      if (name === undefined || value === undefined) throw notAPair(flag);
      return [name, value];
    }),
  );
}

/** Without what was given, which may be a secret. */
const notAPair = (flag: string): UsageFailure => new UsageFailure(`--${flag} must be name=value, with "=" in between`);
