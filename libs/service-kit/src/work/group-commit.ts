import { AsyncResource } from 'node:async_hooks';

interface Waiting<Item, Outcome> {
  readonly item: Item;
  readonly size: number;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (reason: unknown) => void;
  /** The request that the item came with. */
  readonly origin: AsyncResource;
}

export interface GroupLimits {
  /** Most items of one group. */
  readonly items: number;
  /** Largest sum of sizes of one group; an item that is larger forms a group of its own. */
  readonly size: number;
  /** Most groups being committed at the same time. */
  readonly groups: number;
  /** Fewer items than these wait for a group that is under way, although another one might be begun beside it; 1 when absent. */
  readonly itemsBeside?: number;
}

/**
 * Gathers what arrives while groups are being committed into the next group. There are no timers: an item that finds nobody at
 * work is committed at once, and under load groups grow by themselves to what the receiver needs to keep up. What a group logs
 * and calls is a part of the request of its first item.
 */
export class GroupCommit<Item, Outcome> {
  private readonly queue: Waiting<Item, Outcome>[] = [];
  private committing = 0;

  /**
   * @param commit commits a group and gives the outcome of each item: a value, or an Error to reject with
   */
  constructor(
    private readonly limits: GroupLimits,
    private readonly commit: (items: readonly Item[]) => Promise<readonly (Outcome | Error)[]>,
  ) {}

  /**
   * Resolves once the group of the item is committed.
   *
   * @param size of the item, in the unit of `limits.size`
   */
  add(item: Item, size: number): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.queue.push({ item, size, resolve, reject, origin: new AsyncResource('GroupCommit') });
      if (this.mayBegin(this.committing)) void this.commitAll();
    });
  }

  private async commitAll(): Promise<void> {
    this.committing++;
    // Lets everything that was parsed from the same read of the sockets into the first group.
    await Promise.resolve();
    while (this.mayBegin(this.committing - 1)) {
      const group = this.nextGroup();
      await group[0]?.origin.runInAsyncScope(() => this.commitGroup(group));
    }
    this.committing--;
  }

  /** @param others groups that are being committed */
  private mayBegin(others: number): boolean {
    const { groups, itemsBeside = 1 } = this.limits;
    return this.queue.length > 0 && (others === 0 || (others < groups && this.queue.length >= itemsBeside));
  }

  private nextGroup(): Waiting<Item, Outcome>[] {
    let size = 0;
    let count = 0;
    for (const waiting of this.queue) {
      size += waiting.size;
      if (count === this.limits.items || (count > 0 && size > this.limits.size)) break;
      count++;
    }
    return this.queue.splice(0, count);
  }

  private async commitGroup(group: readonly Waiting<Item, Outcome>[]): Promise<void> {
    try {
      const outcomes = await this.commit(group.map(({ item }) => item));
      for (const [index, { resolve, reject }] of group.entries()) {
        const outcome = outcomes[index];
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome as Outcome);
      }
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
}
