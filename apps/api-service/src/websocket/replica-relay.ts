import { randomUUID } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { ChannelTickets } from '@keptn/auth';
import { LOGGER, SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { type Logger } from 'pino';
import { type ApiServiceSettings } from '../settings';
import { CHANNEL_HEADER, OBSERVER_HEADER, RELAY_HEADER, TICKET_HEADER } from './channel-headers';
import { type ChannelReader } from './channels';
import { RelayedChannel } from './relayed-channel';

/**
 * A message waits in the memory of the replica that it reached. While a client reads a channel here, this replica reads the
 * same channel on all others (API_SERVICE_REPLICAS) and passes on what they have.
 */
@Injectable()
export class ReplicaRelay {
  /** Tells this replica from the others, among which it finds itself. */
  readonly id = randomUUID();

  constructor(
    @Inject(SETTINGS) private readonly settings: ApiServiceSettings,
    private readonly tickets: ChannelTickets,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @returns ends the reading */
  follow(keptnContext: string, reader: ChannelReader): () => void {
    return this.connectToAll(keptnContext, reader, RELAY_HEADER);
  }

  /**
   * Delivers what comes to the other replicas, and leaves it to the readers.
   *
   * @returns ends the observation
   */
  observe(keptnContext: string, observer: ChannelReader): () => void {
    return this.connectToAll(keptnContext, observer, OBSERVER_HEADER);
  }

  private connectToAll(keptnContext: string, reader: ChannelReader, purpose: string): () => void {
    const urls = this.settings.API_SERVICE_REPLICAS;
    if (urls.length === 0) {
      return () => undefined;
    }
    const channel = new RelayedChannel({
      findReplicas: async () => (await Promise.all(urls.map((url) => this.addressesOf(url)))).flat(),
      headers: () => ({
        [TICKET_HEADER]: this.tickets.issue(keptnContext),
        [CHANNEL_HEADER]: keptnContext,
        [purpose]: this.id,
      }),
      reader,
      logger: this.logger,
    });
    return () => {
      channel.close();
    };
  }

  /** A name stands for all of its addresses, such as that of a headless Service. */
  private async addressesOf(url: string): Promise<string[]> {
    const { hostname, port } = new URL(url);
    try {
      const found = await lookup(hostname.replace(/^\[|\]$/g, ''), { all: true });
      return found.map(({ address, family }) => `http://${family === 6 ? `[${address}]` : address}:${port || '80'}`);
    } catch (error) {
      this.logger.debug({ url, err: error }, 'replicas not found');
      return [];
    }
  }
}
