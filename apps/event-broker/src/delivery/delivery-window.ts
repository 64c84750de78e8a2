import { type Checkpoint } from '../subscription/checkpoint';

/** What is to be delivered. */
export interface WaitingItem<Item> {
  readonly sequence: number;
  /** Entries of one key are delivered in order. */
  readonly key: string;
  readonly item: Item;
  /** What it takes of {@link WindowLimits.size}. */
  readonly size: number;
}

/** When a window takes no more. */
export interface WindowLimits {
  readonly entries: number;
  /** Of all entries together; the last one that is taken may exceed it. */
  readonly size: number;
}

/** An event that is to be delivered. */
export interface WindowEntry<Item> extends WaitingItem<Item> {
  /** How often it was sent. */
  attemptCount: number;
  isOnItsWay: boolean;
  /** When it may be sent again, in milliseconds since 1970; absent until it has failed here. */
  notBefore?: number;
  /** It was refused, or failed, together with others, so now it has a request of its own. */
  goesAlone: boolean;
  /** It is not to be sent again. */
  isWithdrawn: boolean;
}

/** What may be sent at this moment. */
export interface TakeOptions {
  /** In milliseconds since 1970. */
  readonly now: number;
  /** Most requests on their way at the same time. */
  readonly concurrency: number;
  /** Most events of one key in one request. */
  readonly groupSize: number;
}

/**
 * The events of one subscription between the log and the sink, as pure logic: those of one key go out in order, one after
 * another, those of different keys side by side.
 */
export class DeliveryWindow<Item> {
  /** Ascending by sequence; what is done leaves. */
  private readonly entries: WindowEntry<Item>[] = [];
  private readUpTo: number;
  private occupied = 0;
  private requestsOnTheirWay = 0;
  private lastFinished = 0;
  /** Entries that have failed, and so may wait for their time. */
  private retried = 0;

  /** @param position up to where nothing is to be delivered any more */
  constructor(
    position: number,
    private readonly limits: WindowLimits,
  ) {
    this.readUpTo = position;
  }

  /** The last sequence number of the log that was looked at for this subscription. */
  get position(): number {
    return this.readUpTo;
  }

  get isFull(): boolean {
    return this.entries.length >= this.limits.entries || this.occupied >= this.limits.size;
  }

  /** Whether enough has gone out to make another read of the log worth it, or nothing will without one. */
  get hasRoom(): boolean {
    const isHalfEmpty = this.entries.length <= this.limits.entries / 2 && this.occupied <= this.limits.size / 2;
    return isHalfEmpty || this.requestsOnTheirWay === 0;
  }

  get size(): number {
    return this.entries.length;
  }

  /**
   * Adds an event that was open at the checkpoint that the window began with.
   *
   * @param attemptCount of the attempts that were made before
   */
  restore(item: WaitingItem<Item>, attemptCount = 0): void {
    this.push({ ...newEntry(item), attemptCount });
  }

  /** Adds the next event of the log that matches. */
  add(item: WaitingItem<Item>): void {
    this.push(newEntry(item));
    this.readUpTo = item.sequence;
  }

  /** Nothing up to `position` matches beyond what was added. */
  advanceTo(position: number): void {
    if (position > this.readUpTo) this.readUpTo = position;
  }

  /** Whether an entry that has not failed here waits for none of its key: it can tell more about the sink than those that have. */
  get hasUntried(): boolean {
    return this.heads().some((entry) => !hasFailed(entry));
  }

  /** Takes what a sink that is down is asked with: one entry at a time, what has not failed before what has, and that in turn. */
  takeProbe(now: number): WindowEntry<Item>[][] {
    const groups: WindowEntry<Item>[][] = [];
    if (this.requestsOnTheirWay > 0) return groups;
    const [probe] = this.heads().toSorted((one, other) => sendableFrom(one) - sendableFrom(other));
    if (probe !== undefined && sendableFrom(probe) <= now) this.start(probe, groups);
    return groups;
  }

  /** Takes what may be sent now: groups of entries that go into one request each, in the order of their first ones. */
  take({ now, concurrency, groupSize }: TakeOptions): WindowEntry<Item>[][] {
    const groups: WindowEntry<Item>[][] = [];
    if (this.requestsOnTheirWay >= concurrency) return groups;
    const open = new Map<string, WindowEntry<Item>[] | undefined>();
    for (const entry of this.entries) {
      const hasPredecessor = open.has(entry.key);
      const group = open.get(entry.key);
      const isSendable = !entry.isOnItsWay && sendableFrom(entry) <= now;
      if (!hasPredecessor) {
        const starts = isSendable && this.requestsOnTheirWay < concurrency;
        open.set(entry.key, starts ? this.start(entry, groups) : undefined);
        if (!starts && this.requestsOnTheirWay >= concurrency && groups.length === 0) break;
      } else if (group !== undefined && isSendable && mayJoin(entry, group, groupSize)) {
        entry.isOnItsWay = true;
        group.push(entry);
      } else {
        open.set(entry.key, undefined);
      }
    }
    return groups;
  }

  /** These are done: accepted, refused for good, or given up. */
  finish(group: readonly WindowEntry<Item>[]): void {
    this.requestsOnTheirWay--;
    for (const entry of group) {
      this.remove(entry);
      this.lastFinished = Math.max(this.lastFinished, entry.sequence);
    }
  }

  /** These must be sent again; the first one alone, since it may be another one that fails. */
  retry(group: readonly WindowEntry<Item>[], notBefore: number): void {
    this.requestsOnTheirWay--;
    for (const entry of group) {
      entry.goesAlone ||= entry === group[0];
      entry.isOnItsWay = false;
      entry.attemptCount++;
      this.retried += Number(!hasFailed(entry));
      entry.notBefore = notBefore;
      if (entry.isWithdrawn) this.remove(entry);
    }
  }

  /** These were sent together and must go one by one; it counts as no attempt. */
  separate(group: readonly WindowEntry<Item>[]): void {
    this.requestsOnTheirWay--;
    for (const entry of group) {
      entry.isOnItsWay = false;
      entry.goesAlone = true;
      if (entry.isWithdrawn) this.remove(entry);
    }
  }

  /**
   * Lets go of what is not to be delivered any more; of what is on its way, unless it arrives.
   *
   * @returns what has left
   */
  withdraw(isMeant: (item: Item, sequence: number) => boolean): WindowEntry<Item>[] {
    const meant = this.entries.filter(({ item, sequence }) => isMeant(item, sequence));
    for (const entry of meant) entry.isWithdrawn = true;
    const waiting = meant.filter(({ isOnItsWay }) => !isOnItsWay);
    for (const entry of waiting) this.remove(entry);
    return waiting;
  }

  /** Lets go of the events behind the last one that was sent; the log is read again from before them. */
  giveBackUnsent(): void {
    const lastSent = this.entries.findLastIndex(
      ({ attemptCount, isOnItsWay, sequence }) => attemptCount > 0 || isOnItsWay || sequence < this.lastFinished,
    );
    const given = this.entries.splice(lastSent + 1);
    for (const { size } of given) this.occupied -= size;
    const [first] = given;
    if (first !== undefined) this.readUpTo = Math.min(this.readUpTo, first.sequence - 1);
  }

  /** Whether an entry has failed, and so may wait for its time. */
  get hasRetries(): boolean {
    return this.retried > 0;
  }

  /** When the next entry may be sent that waits for nothing but its time, in milliseconds since 1970; Infinity for none. */
  get nextAttemptAt(): number {
    return Math.min(...this.heads().map((entry) => (entry.isOnItsWay ? Infinity : sendableFrom(entry))));
  }

  get checkpoint(): Checkpoint {
    return {
      position: this.readUpTo,
      open: this.entries.filter(({ sequence }) => sequence <= this.readUpTo).map(({ sequence }) => sequence),
    };
  }

  private push(entry: WindowEntry<Item>): void {
    this.entries.push(entry);
    this.occupied += entry.size;
  }

  private remove(entry: WindowEntry<Item>): void {
    this.entries.splice(this.entries.indexOf(entry), 1);
    this.occupied -= entry.size;
    this.retried -= Number(hasFailed(entry));
  }

  /** The first entry of each key. */
  private heads(): WindowEntry<Item>[] {
    const heads = new Map<string, WindowEntry<Item>>();
    for (const entry of this.entries) if (!heads.has(entry.key)) heads.set(entry.key, entry);
    return [...heads.values()];
  }

  private start(entry: WindowEntry<Item>, groups: WindowEntry<Item>[][]): WindowEntry<Item>[] {
    const group = [entry];
    entry.isOnItsWay = true;
    this.requestsOnTheirWay++;
    groups.push(group);
    return group;
  }
}

function mayJoin<Item>(entry: WindowEntry<Item>, group: readonly WindowEntry<Item>[], groupSize: number): boolean {
  return group.length < groupSize && !entry.goesAlone && !group.some(({ goesAlone }) => goesAlone);
}

const hasFailed = ({ notBefore }: WindowEntry<unknown>): boolean => notBefore !== undefined;

/** In milliseconds since 1970. */
const sendableFrom = ({ notBefore }: WindowEntry<unknown>): number => notBefore ?? 0;

const newEntry = <Item>(item: WaitingItem<Item>): WindowEntry<Item> => ({
  ...item,
  attemptCount: 0,
  isOnItsWay: false,
  goesAlone: false,
  isWithdrawn: false,
});
