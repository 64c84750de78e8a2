import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Channels } from './channels';
import { ReplicaRelay } from './replica-relay';

/** The message with which a writer ends a channel (contract 3.10). */
const terminating = z.looseObject({ data: z.looseObject({ terminate: z.literal(true) }) });

/** Sees that a service has ended a channel, at whichever replica it did. */
@Injectable()
export class ChannelEnds {
  constructor(
    private readonly channels: Channels,
    private readonly relay: ReplicaRelay,
  ) {}

  /** Resolves when somebody ends the channel, or `signal` the wait. @returns whether the channel was ended */
  async of(keptnContext: string, signal: AbortSignal): Promise<boolean> {
    const stops: (() => void)[] = [];
    const isEnded = await new Promise<boolean>((resolve) => {
      const observer = {
        deliver: (frame: string) => {
          if (isEnd(frame)) resolve(true);
        },
      };
      stops.push(this.channels.observe(keptnContext, observer), this.relay.observe(keptnContext, observer));
      const giveUp = (): void => {
        resolve(false);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      stops.push(() => {
        signal.removeEventListener('abort', giveUp);
      });
    });
    for (const stop of stops) stop();
    return isEnded;
  }
}

function isEnd(frame: string): boolean {
  try {
    return terminating.safeParse(JSON.parse(frame)).success;
  } catch {
    return false;
  }
}
