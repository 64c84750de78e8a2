import { CommandError } from '../errors';
import { type Collection } from '../storage/collection';
import { type Environment } from '../storage/environment';
import { type EventLoopShare } from './event-loop-share';
import { type QueryPlan } from './planner';
import { type Match, QueryRun } from './query-run';
import { SortBuffer } from './sort-buffer';

/** What came of pulling: more may follow, or the end was reached. */
export type Pull = 'paused' | 'ended';

/** The result of a plan with its sort, skip and limit, pulled bit by bit. */
export class MatchStream {
  readonly run: QueryRun;
  private toSkip: number;
  private remaining: number;
  private sorted: { readonly matches: readonly Match[]; next: number } | undefined;
  private readonly buffer: SortBuffer | undefined;

  constructor(
    environment: Environment,
    private readonly collection: Collection,
    private readonly plan: QueryPlan,
  ) {
    const { skip, limit, sort } = plan.specification;
    this.run = new QueryRun(environment, collection, plan);
    this.toSkip = skip;
    this.remaining = limit === 0 ? Infinity : limit;
    if (plan.blockingSort) this.buffer = new SortBuffer(sort, limit === 0 ? 0 : skip + limit);
  }

  /**
   * Takes matches until `accept` returns false or the event loop needs its turn.
   *
   * @param accept takes a match; false when it wants no further one
   * @throws CommandError QueryPlanKilled when what the plan reads was dropped
   */
  pull(accept: (match: Match) => boolean, share: EventLoopShare): Pull {
    if (this.remaining <= 0 || !this.plan.possible) return 'ended';
    if (this.sorted === undefined) this.requireSource();
    if (this.buffer !== undefined && this.sorted === undefined) {
      if (this.fill(this.buffer, share) === 'paused') return 'paused';
      this.sorted = { matches: this.buffer.sorted(), next: 0 };
    }
    return this.sorted === undefined ? this.pullFrom(this.run.matches(), accept, share) : this.pullSorted(accept);
  }

  /** Takes all matches at once; for use within a write, where nothing else may happen in between. */
  all(): readonly Match[] {
    const matches: Match[] = [];
    const unlimited = { isUsedUp: false } as EventLoopShare;
    this.pull((match) => matches.push(match) > 0, unlimited);
    return matches;
  }

  private requireSource(): void {
    const { access } = this.plan;
    if (this.collection.isDropped) throw planKilled('collection', this.collection.namespace);
    if (access !== undefined && !this.collection.hasIndex(access.index.id))
      throw planKilled('index', access.index.name);
  }

  private fill(buffer: SortBuffer, share: EventLoopShare): Pull {
    for (const match of this.run.matches()) {
      if (match !== undefined) buffer.add(match);
      else if (share.isUsedUp) return 'paused';
    }
    return 'ended';
  }

  private pullSorted(accept: (match: Match) => boolean): Pull {
    const sorted = this.sorted;
    while (sorted !== undefined && this.remaining > 0) {
      const match = sorted.matches[sorted.next++];
      if (match === undefined) return 'ended';
      if (!this.deliver(match, accept)) return this.remaining > 0 ? 'paused' : 'ended';
    }
    return 'ended';
  }

  private pullFrom(
    matches: Iterable<Match | undefined>,
    accept: (match: Match) => boolean,
    share: EventLoopShare,
  ): Pull {
    for (const match of matches) {
      if (match === undefined) {
        if (share.isUsedUp) return 'paused';
      } else if (!this.deliver(match, accept)) {
        return this.remaining > 0 ? 'paused' : 'ended';
      } else if (this.remaining <= 0) {
        return 'ended';
      }
    }
    return 'ended';
  }

  private deliver(match: Match, accept: (match: Match) => boolean): boolean {
    if (this.toSkip > 0) {
      this.toSkip--;
      return true;
    }
    this.remaining--;
    return accept(match);
  }
}

const planKilled = (what: string, name: string): CommandError =>
  new CommandError(
    'QueryPlanKilled',
    `query plan killed :: caused by :: ${what} '${name}' dropped; send the query again`,
  );
