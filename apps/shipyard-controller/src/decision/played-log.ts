import { isJsonObject, KeptnEventType } from '@keptn/event-models';
import { type ContextEvent } from './context-event';
import { type Decision, type FollowUp } from './decision';
import { EventBuilder } from './event-builder';

/**
 * The log of one context whose events are delivered in their order, while further ones come in: what follows is stored once, by its
 * cause and kind, behind what has come in meanwhile.
 */
export class PlayedLog {
  readonly events: ContextEvent[] = [];
  readonly followUps: FollowUp[] = [];
  readonly builder = new EventBuilder();
  private readonly stored = new Set<string>();
  private delivered = 0;

  /** @param decide about an event, with the log as it is then */
  constructor(private readonly decide: (event: ContextEvent, events: readonly ContextEvent[]) => Decision) {}

  append(event: ContextEvent): void {
    this.events.push(event);
  }

  /** @returns false when everything is delivered */
  deliverNext(): boolean {
    const event = this.events[this.delivered];
    if (event === undefined) return false;
    this.delivered++;
    this.store(this.decide({ ...event }, [...this.events]));
    return true;
  }

  drain(): void {
    while (this.deliverNext());
  }

  /** Delivers the event at this position once more, as after a crash. */
  repeat(position: number): void {
    const event = this.events[position % Math.max(1, this.delivered)];
    if (event !== undefined) this.store(this.decide({ ...event }, [...this.events]));
  }

  store({ follows }: Decision): void {
    for (const followUp of follows) {
      const key = JSON.stringify([followUp.sender, followUp.cause.id, followUp.kind]);
      if (this.stored.has(key)) continue;
      this.stored.add(key);
      this.followUps.push(followUp);
      const { type, data, triggeredid } = followUp;
      this.append(this.builder.event(type, { data, ...(triggeredid !== undefined && { triggeredid }) }));
    }
  }

  ofType(type: string): readonly ContextEvent[] {
    return this.events.filter((event) => event.type === type);
  }
}

/** What tells the follow-ups of approvals and remediations apart, for a comparison with an oracle. */
export function described({ type, data, triggeredid }: FollowUp): string {
  const { approval, valuesCanary, remediation, action } = data as Readonly<Record<string, unknown>>;
  const fieldOf = (part: unknown, name: string): string => (isJsonObject(part) ? JSON.stringify(part[name]) : '');
  const short = type.replace(/^sh\.keptn\.events?\./, '');
  switch (type) {
    case KeptnEventType.approvalFinished:
      return `${short} ${triggeredid ?? ''} ${fieldOf(approval, 'result')}`;
    case KeptnEventType.configurationChange:
      return `${short} ${fieldOf(valuesCanary, 'image')}`;
    case KeptnEventType.remediationStatusChanged:
      return `${short} ${fieldOf(remediation, 'result')}`;
    case KeptnEventType.actionTriggered:
      return `${short} ${fieldOf(action, 'action')}`;
    case KeptnEventType.remediationFinished:
      return `${short} ${fieldOf(remediation, 'result')}`;
    default:
      return short;
  }
}
