import { RECENT_MS, type StreamMessage } from './event-stream';

type EventMessage = StreamMessage & { readonly kind: 'event' };

/** Bounds the memory: events, and characters of their texts. */
const EVENTS_KEPT = 500;
const TEXT_KEPT = 4 * 1024 * 1024;

/** The events of the last moment, for a page that comes now and has begun to read before. */
export class RecentEvents {
  private readonly kept: { readonly message: EventMessage; readonly until: number }[] = [];
  private textLength = 0;

  add(message: EventMessage): void {
    this.kept.push({ message, until: performance.now() + RECENT_MS });
    this.textLength += message.data.length;
    while (this.kept.length > EVENTS_KEPT || this.textLength > TEXT_KEPT) this.dropOldest();
  }

  all(): EventMessage[] {
    while ((this.kept[0]?.until ?? Infinity) < performance.now()) this.dropOldest();
    return this.kept.map(({ message }) => message);
  }

  clear(): void {
    this.kept.length = 0;
    this.textLength = 0;
  }

  private dropOldest(): void {
    this.textLength -= this.kept.shift()?.message.data.length ?? 0;
  }
}
