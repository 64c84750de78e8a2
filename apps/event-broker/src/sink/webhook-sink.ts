import { isIP } from 'node:net';
import { type PermittedNetworks } from '@keptn/service-kit';
import { type LogEvent } from '../log/log-event';
import { type SigningSecret } from '../subscription/subscription.schema';
import { TemplateLimitExceeded } from './compiled-template';
import { type ContentMaker } from './content';
import { HttpPost, type PostContent } from './http-post';
import { Signature } from './signature';
import { type Sink, type SinkAnswer } from './sink';
import { type SinkConnections } from './sink-connections';

export interface WebhookSinkOptions {
  readonly url: string;
  readonly contentOf: ContentMaker;
  readonly headers: Readonly<Record<string, string>>;
  readonly secrets: readonly SigningSecret<string>[];
  readonly timeoutMs: number;
  /** What is kept of an answer, in bytes. */
  readonly keptOfAnswer: number;
  readonly networks: PermittedNetworks;
  /** Connects to addresses that are permitted only, as far as it looks them up. */
  readonly connections: SinkConnections;
}

/** Any receiver with a URL: gets signed requests, one event each, and nothing that opens a door of the control plane. */
export class WebhookSink implements Sink {
  readonly groupSize = 1;
  private readonly post: HttpPost;
  private readonly signature: Signature;
  /** An address is connected to without a look-up. */
  private readonly forbiddenAddress: string | undefined;

  constructor(private readonly options: WebhookSinkOptions) {
    const { timeoutMs, keptOfAnswer, connections, networks, secrets } = options;
    const url = new URL(options.url);
    this.post = new HttpPost({ url, receiver: 'outside', timeoutMs, keptOfAnswer, connections });
    this.signature = new Signature(secrets);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    this.forbiddenAddress = isIP(host) === 0 || networks.permits(host) ? undefined : host;
  }

  async send([event]: readonly LogEvent[], signal: AbortSignal): Promise<SinkAnswer> {
    if (event === undefined) return { outcome: 'accepted' };
    if (this.forbiddenAddress !== undefined) {
      return { outcome: 'failed', error: `${this.forbiddenAddress} is not in ${this.options.networks.setting}` };
    }
    let content: PostContent;
    try {
      content = this.options.contentOf(event);
    } catch (error) {
      return { outcome: outcomeOf(error), error: error instanceof Error ? error.message : String(error) };
    }
    const headers = {
      'user-agent': 'keptn-event-broker',
      ...this.options.headers,
      ...content.headers,
      ...this.signature.headers(`log-${event.sequence}`, content.body, new Date()),
    };
    return this.post.send({ ...content, headers }, signal);
  }
}

/** A limit may be exceeded by chance, on a busy machine; and pauses then keep the template from using more time. */
const outcomeOf = (error: unknown): SinkAnswer['outcome'] =>
  error instanceof TemplateLimitExceeded ? 'failed' : 'refused';
