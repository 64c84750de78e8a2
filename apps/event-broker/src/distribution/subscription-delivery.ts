import { type DeliveryAttempt, type DeliveryOutcome } from '@keptn/api-models';
import { attemptOf } from '../delivery/attempt';
import { type DeliveryReport } from '../delivery/delivery.store';
import { DeliveryWindow, type WaitingItem, type WindowEntry, type WindowLimits } from '../delivery/delivery-window';
import { type RetryPauses, retryPauseMs } from '../delivery/retry-pause';
import { SinkHealth } from '../delivery/sink-health';
import { type LogEvent } from '../log/log-event';
import { type Sink, type SinkAnswer } from '../sink/sink';
import { type Checkpoint } from '../subscription/checkpoint';

/** What one subscription has in memory: events, and characters of their texts, beside which there is as much parsed JSON. */
const WINDOW: WindowLimits = { entries: 256, size: 8 * 1024 * 1024 };

/** How long requests on their way may take when the delivery ends, in milliseconds; cutting one off delivers its event twice. */
const LAST_ATTEMPT_MS = 3_000;

/** Attempts of one event that are remembered. */
const KEPT_ATTEMPTS = 10;

export interface DeliveryPolicy {
  readonly order: 'context' | 'strict';
  readonly concurrency: number;
  readonly pauses: RetryPauses;
  /** Undefined where nothing is ever given up. */
  readonly maxAttempts: number | undefined;
  /** How long events are collected for a request after the one before was begun, in milliseconds. */
  readonly collectMs?: number | undefined;
}

export interface DeliveryObserver {
  /** After each attempt. */
  onAttempt(report: DeliveryReport): void;
  /** There is room for events that were not taken before. */
  onRoom(): void;
  /** Events are about to be given back, so that the position goes back. */
  onGiveBack(): void;
  /** The receiver wants nothing any more. */
  onGone(): void;
}

/** What a delivery goes on with. */
export interface DeliveryStart {
  readonly position: number;
  /** Since when every attempt has failed. */
  readonly failingSince?: Date | undefined;
}

/** The attempts that a delivery before has made of an event. */
export type EarlierAttempts = Pick<DeliveryReport, 'attemptCount' | 'attempts'>;

interface PendingEvent {
  readonly event: LogEvent;
  readonly attempts: DeliveryAttempt[];
}

type Entry = WindowEntry<PendingEvent>;

/** Delivers the events of one subscription. */
export class SubscriptionDelivery {
  private readonly window: DeliveryWindow<PendingEvent>;
  private readonly health: SinkHealth;
  private readonly stopping = new AbortController();
  private readonly onTheirWay = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private nextPumpAt = Infinity;
  private isStopped = false;
  private lastRequestAt = 0;
  lastSuccessAt: Date | undefined;
  lastErrorAt: Date | undefined;
  lastError: string | undefined;

  constructor(
    private readonly name: string,
    private readonly sink: Sink,
    private readonly policy: DeliveryPolicy,
    private readonly observer: DeliveryObserver,
    { position, failingSince }: DeliveryStart,
  ) {
    this.window = new DeliveryWindow(position, WINDOW);
    this.health = new SinkHealth(policy.pauses, failingSince?.getTime());
  }

  get position(): number {
    return this.window.position;
  }

  get checkpoint(): Checkpoint {
    return this.window.checkpoint;
  }

  get failingSince(): Date | undefined {
    const { failingSince } = this.health;
    return failingSince === undefined ? undefined : new Date(failingSince);
  }

  /**
   * What a sink that is down is not asked with stays in the log. It is asked with one context after another, since it may fail at
   * those that it was asked with, and not be down.
   */
  get takesMore(): boolean {
    if (this.isStopped || this.window.isFull) return false;
    if (!this.health.isDown || this.window.size === 0) return true;
    return this.policy.order === 'context' && !this.window.hasUntried;
  }

  /** Takes over an event that was open when the delivery ended before. */
  restore(event: LogEvent, { attempts, attemptCount }: EarlierAttempts = { attempts: [], attemptCount: 0 }): void {
    this.window.restore(this.waiting(event, [...attempts]), attemptCount);
  }

  /** Takes an event, which {@link pump} sends; {@link takesMore} has said that it may. */
  add(event: LogEvent): void {
    this.window.add(this.waiting(event, []));
  }

  advanceTo(position: number): void {
    this.window.advanceTo(position);
  }

  /** A project has ended with this event; what waits of it would reach its successor of the same name. */
  endProject({ project, sequence: end }: LogEvent): void {
    const left = this.window.withdraw(({ event }, sequence) => event.project === project && sequence < end);
    for (const entry of left) if (entry.attemptCount > 0) this.report(entry, 'dead');
    this.pump();
    this.askForMore();
  }

  /** Sends what may be sent. */
  pump(): void {
    if (this.isStopped) return;
    const now = Date.now();
    const pausedUntil = Math.max(this.health.pausedUntil, this.collectingUntil);
    if (pausedUntil > now) {
      this.pumpAt(pausedUntil, now);
      return;
    }
    const groups = this.health.isDown
      ? this.window.takeProbe(now)
      : this.window.take({ now, concurrency: this.policy.concurrency, groupSize: this.sink.groupSize });
    for (const group of groups) this.start(group);
    if (this.window.hasRetries) this.pumpAt(this.window.nextAttemptAt, now);
  }

  /** Resolves when the requests on their way have ended; nothing is sent any more. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    const cutOff = setTimeout(() => {
      this.stopping.abort();
    }, LAST_ATTEMPT_MS);
    await Promise.all(this.onTheirWay);
    clearTimeout(cutOff);
  }

  /** Both in milliseconds since 1970. What is due by now waits for a request to end. */
  private pumpAt(time: number, now: number): void {
    if (time <= now || time >= this.nextPumpAt) return;
    clearTimeout(this.timer);
    this.nextPumpAt = time;
    this.timer = setTimeout(() => {
      this.nextPumpAt = Infinity;
      this.pump();
    }, time - now);
  }

  /** In milliseconds since 1970. */
  private get collectingUntil(): number {
    const { collectMs } = this.policy;
    if (collectMs === undefined || this.window.size >= this.sink.groupSize) return 0;
    // The clock may have been set back.
    return Math.min(this.lastRequestAt, Date.now()) + collectMs;
  }

  private waiting(event: LogEvent, attempts: DeliveryAttempt[]): WaitingItem<PendingEvent> {
    const { keptnContext = '', sequence, text } = event;
    const key = this.policy.order === 'strict' ? '' : keptnContext;
    return { sequence, key, item: { event, attempts }, size: text.length };
  }

  private start(group: Entry[]): void {
    this.lastRequestAt = Date.now();
    const sending = this.send(group).finally(() => {
      this.onTheirWay.delete(sending);
      this.pump();
      this.askForMore();
    });
    this.onTheirWay.add(sending);
  }

  private askForMore(): void {
    if (this.takesMore && this.window.hasRoom) this.observer.onRoom();
  }

  private async send(group: Entry[]): Promise<void> {
    const startedAt = new Date();
    const answer = await this.sink.send(
      group.map(({ item }) => item.event),
      this.stopping.signal,
    );
    const attempt = attemptOf(answer, startedAt);
    if (group.length > 1 && answer.outcome === 'refused') {
      this.window.separate(group);
      return;
    }
    for (const { item } of group) {
      item.attempts.push(attempt);
      if (item.attempts.length > KEPT_ATTEMPTS) item.attempts.shift();
    }
    this.conclude(group, answer);
  }

  private conclude(group: Entry[], answer: SinkAnswer): void {
    switch (answer.outcome) {
      case 'accepted':
        this.health.succeeded();
        this.lastSuccessAt = new Date();
        this.finish(group, 'delivered');
        break;
      case 'refused':
        this.health.succeeded();
        this.finish(group, 'refused');
        break;
      case 'gone':
        this.isStopped = true;
        this.finish(group, 'refused');
        this.observer.onGone();
        break;
      case 'failed':
        this.fail(group, answer);
    }
  }

  private fail(group: Entry[], { error, retryAfterMs, status }: SinkAnswer): void {
    const now = Date.now();
    this.lastErrorAt = new Date(now);
    this.lastError = error ?? `answered ${status ?? 0}`;
    const attemptCount = (group[0]?.attemptCount ?? 0) + 1;
    // Where everything waits for one event, its attempts are all that there is to judge by.
    const subject = this.policy.order === 'strict' ? attemptCount : (group[0]?.key ?? '');
    const hasGoneDown = this.health.failed({ now, subject, retryAfter: retryAfterMs, random: Math.random() });
    if (this.policy.maxAttempts !== undefined && attemptCount >= this.policy.maxAttempts) {
      this.finish(group, 'dead');
      return;
    }
    this.window.retry(
      group,
      now + Math.max(retryAfterMs ?? 0, retryPauseMs(this.policy.pauses, attemptCount, Math.random())),
    );
    for (const entry of group) this.report(entry, entry.isWithdrawn ? 'dead' : 'retrying');
    if (!hasGoneDown) return;
    this.observer.onGiveBack();
    this.window.giveBackUnsent();
  }

  private finish(group: Entry[], outcome: DeliveryOutcome): void {
    this.window.finish(group);
    for (const entry of group) {
      entry.attemptCount++;
      this.report(entry, outcome);
    }
  }

  private report({ item, attemptCount }: Entry, outcome: DeliveryOutcome): void {
    this.observer.onAttempt({
      subscription: this.name,
      event: item.event,
      outcome,
      attempts: [...item.attempts],
      attemptCount,
    });
  }
}
