import { type RequestTemplate } from '@keptn/api-models';
import { Liquid, type Template } from 'liquidjs';
import { type LogEvent } from '../log/log-event';
import { type PostContent } from './http-post';

/** Of a whole template, in characters. */
const PARSE_LIMIT = 20_000;

/** Nothing else is done while a template is rendered: most milliseconds. Ample, since a busy machine may stop in between. */
const RENDER_LIMIT_MS = 100;

/** What filters and ranges may make, in characters and items. */
const MEMORY_LIMIT = 1_000_000;

/** Of what is sent, in characters. */
const OUTPUT_LIMIT = 256 * 1024;

/** Tags that read other templates, of which there are none. */
const TAGS_OF_FILES = ['include', 'render', 'layout', 'block'];

/** The template has a fault that no event can mend. */
export class InvalidTemplate extends Error {
  override readonly name = 'InvalidTemplate';
}

/** The template makes nothing that could be sent of this event. */
export class UnusableOutput extends Error {
  override readonly name = 'UnusableOutput';
}

/** The template has used more time or memory than it may. */
export class TemplateLimitExceeded extends Error {
  override readonly name = 'TemplateLimitExceeded';
}

/** Makes requests from events by templates of Liquid, which see the event and nothing else. */
export class CompiledTemplate {
  private readonly body: readonly Template[];
  private readonly path: readonly Template[] | undefined;
  private readonly contentType: RequestTemplate['contentType'];

  /** @throws InvalidTemplate */
  constructor({ body, contentType, path }: RequestTemplate) {
    this.contentType = contentType;
    this.body = parse(ENGINES[contentType], 'body', body);
    this.path = path === undefined ? undefined : parse(PATHS, 'path', path);
  }

  /** @throws UnusableOutput, TemplateLimitExceeded */
  render(event: LogEvent): PostContent {
    const body = render(ENGINES[this.contentType], this.body, event);
    if (body.length > OUTPUT_LIMIT) throw new UnusableOutput(`the template makes more than ${OUTPUT_LIMIT} characters`);
    if (this.contentType === 'application/json') requireJson(body);
    const headers = { 'content-type': this.contentType };
    return this.path === undefined ? { headers, body } : { headers, body, path: this.pathOf(this.path, event) };
  }

  private pathOf(template: readonly Template[], event: LogEvent): string {
    const path = render(PATHS, template, event);
    const [steps = ''] = path.split('?', 1);
    const leavesPath = steps.split('/').some((step) => /^(?:\.|%2e){1,2}$/i.test(step));
    if (leavesPath || !PATH.test(path)) throw new UnusableOutput(`the template makes the path ${path}`);
    return path;
  }
}

/** Path and query (RFC 3986), and not the `//` that a host would follow. */
const PATH = /^\/(?!\/)[\w\-.~!$&'()*+,;=:@/?%]*$/;

const ENGINES: Readonly<Record<RequestTemplate['contentType'], Liquid>> = {
  'application/json': engineOf((text) => JSON.stringify(text).slice(1, -1)),
  'application/x-www-form-urlencoded': engineOf((text) => encodeURIComponent(text.toWellFormed())),
  'text/plain': engineOf((text) => text),
};
const PATHS = engineOf((text) => encodeURIComponent(text.toWellFormed()));

/** @param escape what is put into the text */
function engineOf(escape: (text: string) => string): Liquid {
  const engine = new Liquid({
    templates: {},
    ownPropertyOnly: true,
    strictFilters: true,
    outputEscape: (value: unknown) => escape(textOf(value)),
    parseLimit: PARSE_LIMIT,
    renderLimit: RENDER_LIMIT_MS,
    memoryLimit: MEMORY_LIMIT,
  });
  for (const tag of TAGS_OF_FILES) Reflect.deleteProperty(engine.tags, tag);
  engine.registerFilter('json', { raw: true, handler: (value: unknown) => JSON.stringify(value ?? null) });
  // https://docs.slack.dev/messaging/formatting-message-text: these three, and no others.
  engine.registerFilter('mrkdwn', (value: unknown) =>
    textOf(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  );
  return engine;
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function parse(engine: Liquid, name: string, text: string): Template[] {
  try {
    return engine.parse(text);
  } catch (error) {
    throw new InvalidTemplate(`${name} of the template: ${firstLineOf(error)}`, { cause: error });
  }
}

function render(engine: Liquid, template: readonly Template[], event: LogEvent): string {
  try {
    return String(engine.renderSync([...template], event.json));
  } catch (error) {
    const message = `the template cannot be rendered: ${firstLineOf(error)}`;
    if (/limit exceeded/.test(message)) throw new TemplateLimitExceeded(message, { cause: error });
    throw new UnusableOutput(message, { cause: error });
  }
}

function requireJson(body: string): void {
  try {
    JSON.parse(body);
  } catch (error) {
    throw new UnusableOutput(`the template makes no JSON: ${firstLineOf(error)}`, { cause: error });
  }
}

/** The further ones quote the template. */
const firstLineOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
