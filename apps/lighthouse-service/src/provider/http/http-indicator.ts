import { type SliEntry } from '@keptn/event-models';
import { z } from 'zod';
import { NoValue } from '../no-value';
import { withPlaceholders } from '../placeholders';
import { type SliRequest } from '../sli-provider';
import { type TimeFrame } from '../time-frame';
import { type JsonPath, jsonPath, UnusablePath } from './json-path';

/** What is asked for an indicator, and where its value is in the answer. */
export interface HttpIndicator {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  /** With names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Of one number. */
  readonly value: JsonPath;
}

/** A visible ASCII value; a line feed would begin another header. */
const header = z.string().regex(/^[\x20-\x7e]*$/, 'must be printable ASCII');

/** Where the request goes and how long it is; a secret header would follow a `host` that is not its own. */
const RESERVED = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'keep-alive',
  'upgrade',
  'expect',
  'te',
]);

const headerName = z
  .string()
  .regex(/^[\w-]+$/)
  .toLowerCase()
  .refine((name) => !RESERVED.has(name), 'this header is set by lighthouse-service itself: leave it out');

const path = z.string('must be a JSONPath such as $.value').transform((text, context) => {
  try {
    return jsonPath(text);
  } catch (error) {
    if (!(error instanceof UnusablePath)) throw error;
    context.addIssue(`the JSONPath ${error.message}`);
    return z.NEVER;
  }
});

const entry = z.strictObject(
  {
    url: z.string('must be a URL'),
    value: path,
    headers: z.record(headerName, header).default({}),
    body: z.string().optional(),
  },
  'must be a mapping with url and value',
);

/**
 * Reads an entry of `http/sli.yaml`, and puts in what is asked about: percent-encoded in the URL, as JSON text without quotes in the body.
 *
 * @throws NoValue
 */
export function indicatorOf(
  name: string,
  written: SliEntry | undefined,
  request: SliRequest,
  frame: TimeFrame,
): HttpIndicator {
  if (written === undefined) throw new NoValue(`unsupported SLI: http/sli.yaml has no entry for ${name}`);
  const { url, value, headers, body } = readEntry(name, written);
  const own = placeholdersOf(frame);
  const asked = withPlaceholders(url, request, own, insideUrl);
  if (!URL.canParse(asked) || !/^https?:$/.test(new URL(asked).protocol)) {
    throw new NoValue(`http/sli.yaml: the url of ${name} is no http or https URL`);
  }
  const parsed = new URL(asked);
  if (parsed.username !== '' || parsed.password !== '') {
    throw new NoValue(
      `http/sli.yaml: the url of ${name} must hold no credentials; they belong into the secret of the project`,
    );
  }
  return {
    method: body === undefined ? 'GET' : 'POST',
    url: parsed,
    headers,
    body: body === undefined ? undefined : withPlaceholders(body, request, own, insideJsonText),
    value,
  };
}

function readEntry(name: string, written: SliEntry): z.infer<typeof entry> {
  const parsed = entry.safeParse(written);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = [name, ...(issue?.path ?? [])].map(String).join('.');
  const [fault] = issue?.code === 'invalid_key' ? issue.issues : [issue];
  throw new NoValue(`http/sli.yaml: ${field}: ${fault?.message ?? 'cannot be used'}`);
}

const placeholdersOf = ({ start, end, duration }: TimeFrame): Readonly<Record<string, string>> => ({
  START: new Date(start * 1_000).toISOString(),
  END: new Date(end * 1_000).toISOString(),
  START_SECONDS: String(start),
  END_SECONDS: String(end),
  DURATION_SECONDS: duration,
});

/** Events may hold halves of characters, which cannot be encoded, and steps to another folder, which no encoding hides. */
function insideUrl(value: string): string {
  if (value === '.' || value === '..') throw new NoValue(`no URL can hold the value ${value}`);
  return encodeURIComponent(value.toWellFormed());
}

const insideJsonText = (value: string): string => JSON.stringify(value).slice(1, -1);
