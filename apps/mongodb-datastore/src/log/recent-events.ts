import { type EventRecord } from './event.schema';

/** Bounds the memory: events, and characters of their texts. */
const EVENTS_KEPT = 2_000;
const TEXT_KEPT = 16 * 1024 * 1024;

/**
 * The newest events that this process has stored. The readers of the log are nearly always at its end, so what they read next
 * is here and need not be fetched from the database by each of them.
 */
export class RecentEvents {
  private readonly bySequence = new Map<number, EventRecord>();
  private textLength = 0;

  add(events: readonly EventRecord[]): void {
    for (const event of events) {
      this.bySequence.set(event._id, event);
      this.textLength += event.event.length;
    }
    for (const [sequence, { event }] of this.bySequence) {
      if (this.bySequence.size <= EVENTS_KEPT && this.textLength <= TEXT_KEPT) return;
      this.bySequence.delete(sequence);
      this.textLength -= event.length;
    }
  }

  /** The events that follow `position` without a gap; none does not mean that there are none. */
  following(position: number, limit: number): EventRecord[] {
    const events: EventRecord[] = [];
    while (events.length < limit) {
      const next = this.bySequence.get(position + events.length + 1);
      if (next === undefined) break;
      events.push(next);
    }
    return events;
  }
}
