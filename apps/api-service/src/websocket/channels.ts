/** Someone who listens on a channel. */
export interface ChannelReader {
  /** @param frame the text of one message */
  deliver(frame: string): void;
}

export interface ChannelLimits {
  /** How long a message waits for its first reader, in milliseconds since the last message of its channel. */
  readonly keepMs: number;
  /** Most messages that wait on one channel. */
  readonly framesPerChannel: number;
  /** Most characters that wait on one channel. */
  readonly sizePerChannel: number;
  /** Most characters that wait on all channels together. */
  readonly totalSize: number;
}

/** A project with the most stages that a shipyard can name fits into one channel. */
export const CHANNEL_LIMITS: ChannelLimits = {
  keepMs: 10 * 60_000,
  framesPerChannel: 256,
  sizePerChannel: 1024 * 1024,
  totalSize: 32 * 1024 * 1024,
};

interface Waiting {
  readonly frames: string[];
  size: number;
  lastAt: number;
}

/**
 * The channels of Keptn contexts, in the memory of this process (contract 3.10). A message goes to all readers of its channel;
 * while there is none it waits for the first one, who gets everything that waits. What waits is bounded: a channel that is
 * full loses its oldest messages, and when all of them together are too large, the channels that have been silent longest are
 * forgotten.
 */
export class Channels {
  private readonly readers = new Map<string, Set<ChannelReader>>();
  private readonly observers = new Map<string, Set<ChannelReader>>();
  /** In the order of their last message, so the first is the next to be forgotten. */
  private readonly waiting = new Map<string, Waiting>();
  private totalSize = 0;

  /** @param now in milliseconds, from any fixed moment */
  constructor(
    private readonly limits: ChannelLimits = CHANNEL_LIMITS,
    private readonly now: () => number = () => performance.now(),
  ) {}

  publish(keptnContext: string, frame: string): void {
    this.observers.get(keptnContext)?.forEach((observer) => {
      observer.deliver(frame);
    });
    const readers = this.readers.get(keptnContext);
    if (readers === undefined) {
      this.keep(keptnContext, frame);
    } else {
      readers.forEach((reader) => {
        reader.deliver(frame);
      });
    }
  }

  /**
   * Delivers what waits on the channel, and from then on every message.
   *
   * @returns ends the reading
   */
  open(keptnContext: string, reader: ChannelReader): () => void {
    const close = join(this.readers, keptnContext, reader);
    this.take(keptnContext).forEach((frame) => {
      reader.deliver(frame);
    });
    return close;
  }

  /**
   * Delivers what waits on the channel and every further message, and leaves all of it to the readers.
   *
   * @returns ends the observation
   */
  observe(keptnContext: string, observer: ChannelReader): () => void {
    const close = join(this.observers, keptnContext, observer);
    this.waiting.get(keptnContext)?.frames.forEach((frame) => {
      observer.deliver(frame);
    });
    return close;
  }

  private keep(keptnContext: string, frame: string): void {
    this.forgetExpired();
    const { framesPerChannel, sizePerChannel, totalSize } = this.limits;
    const channel = this.waiting.get(keptnContext) ?? { frames: [], size: 0, lastAt: 0 };
    channel.frames.push(frame);
    channel.lastAt = this.now();
    this.grow(channel, frame.length);
    while (channel.frames.length > framesPerChannel || channel.size > sizePerChannel) {
      this.grow(channel, -(channel.frames.shift()?.length ?? 0));
    }
    this.waiting.delete(keptnContext);
    this.waiting.set(keptnContext, channel);
    for (const silent of this.waiting.keys()) {
      if (this.totalSize <= totalSize) {
        break;
      }
      this.take(silent);
    }
  }

  private forgetExpired(): void {
    const earliest = this.now() - this.limits.keepMs;
    for (const [keptnContext, { lastAt }] of this.waiting) {
      if (lastAt > earliest) {
        break;
      }
      this.take(keptnContext);
    }
  }

  private take(keptnContext: string): readonly string[] {
    const channel = this.waiting.get(keptnContext);
    if (channel === undefined) {
      return [];
    }
    this.waiting.delete(keptnContext);
    this.totalSize -= channel.size;
    return this.now() - channel.lastAt < this.limits.keepMs ? channel.frames : [];
  }

  private grow(channel: Waiting, by: number): void {
    channel.size += by;
    this.totalSize += by;
  }
}

function join(groups: Map<string, Set<ChannelReader>>, keptnContext: string, member: ChannelReader): () => void {
  const group = groups.get(keptnContext) ?? new Set();
  groups.set(keptnContext, group.add(member));
  return () => {
    group.delete(member);
    if (group.size === 0) {
      groups.delete(keptnContext);
    }
  };
}
