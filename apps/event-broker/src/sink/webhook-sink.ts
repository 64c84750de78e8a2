import { type LookupFunction } from 'node:net';
import { AddressNotPermitted, type PermittedNetworks, requirePermitted } from '@keptn/service-kit';
import { type LogEvent } from '../log/log-event';
import { type SigningSecret } from '../subscription/subscription.schema';
import { TemplateLimitExceeded } from './compiled-template';
import { type ContentMaker } from './content';
import { HttpPost, type PostContent } from './http-post';
import { signatureHeaders } from './signature';
import { type Sink, type SinkAnswer } from './sink';

export interface WebhookSinkOptions {
  readonly url: string;
  readonly contentOf: ContentMaker;
  readonly headers: Readonly<Record<string, string>>;
  readonly secrets: readonly SigningSecret<string>[];
  readonly timeoutMs: number;
  readonly connections: number;
  readonly networks: PermittedNetworks;
  readonly lookup: LookupFunction;
}

/** Any receiver with a URL: gets signed requests, one event each, and nothing that opens a door of the control plane. */
export class WebhookSink implements Sink {
  readonly groupSize = 1;
  private readonly url: URL;
  private readonly post: HttpPost;

  constructor(private readonly options: WebhookSinkOptions) {
    const { lookup, timeoutMs, connections } = options;
    this.url = new URL(options.url);
    this.post = new HttpPost({ url: this.url, receiver: 'outside', timeoutMs, connections, lookup });
  }

  async send([event]: readonly LogEvent[], signal: AbortSignal): Promise<SinkAnswer> {
    if (event === undefined) return { outcome: 'accepted' };
    let content: PostContent;
    try {
      // An address is connected to without a look-up.
      await requirePermitted(this.url.hostname, this.options.networks);
      content = this.options.contentOf(event);
    } catch (error) {
      return { outcome: outcomeOf(error), error: error instanceof Error ? error.message : String(error) };
    }
    const headers = {
      'user-agent': 'keptn-event-broker',
      ...this.options.headers,
      ...content.headers,
      ...signatureHeaders(this.options.secrets, `log-${event.sequence}`, content.body, new Date()),
    };
    return this.post.send({ ...content, headers }, signal);
  }

  close(): Promise<void> {
    return this.post.close();
  }
}

/** A limit may be exceeded by chance, on a busy machine; and pauses then keep the template from using more time. */
const outcomeOf = (error: unknown): SinkAnswer['outcome'] =>
  error instanceof AddressNotPermitted || error instanceof TemplateLimitExceeded ? 'failed' : 'refused';
