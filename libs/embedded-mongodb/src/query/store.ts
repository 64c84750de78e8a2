import { type QueryPlan, planQuery, type QuerySpecification } from './planner';
import { MatchStream } from './match-stream';
import { type Match } from './query-run';
import { EventLoopShare } from './event-loop-share';
import { type IndexPlan } from './index-plan';
import { IndexScan } from './scan';
import { Catalog } from '../storage/catalog';
import { type Collection } from '../storage/collection';
import { type Durability, Environment, type WhenDamaged } from '../storage/environment';
import { entryBound } from '../storage/record-keys';
import { Sweeper } from '../storage/sweeper';

/** Records indexed in one write, which takes some milliseconds. */
const RECORDS_PER_WRITE = 500;

/** Everything that is stored in one folder, and the queries over it. */
export class Store {
  readonly environment: Environment;
  readonly catalog: Catalog;
  readonly sweeper: Sweeper;

  constructor(folder: string) {
    this.environment = new Environment(folder, {
      beforeCommit: () => {
        this.catalog.saveCounts();
      },
      afterCommit: () => {
        this.catalog.endDropped();
      },
      onAbort: () => {
        this.catalog.load();
      },
    });
    this.catalog = new Catalog(this.environment);
    this.sweeper = new Sweeper(this.environment);
  }

  /** Runs an operation atomically and resolves once it is done. */
  write<T>(operation: () => T, durability?: Durability): Promise<T> {
    return this.environment.write(operation, durability);
  }

  plan(collection: Collection, specification: QuerySpecification): QueryPlan {
    return planQuery(specification, collection.indexes, (plan, limit) => this.probe(plan, limit));
  }

  /** The result of a plan, to be pulled. */
  stream(collection: Collection, plan: QueryPlan): MatchStream {
    return new MatchStream(this.environment, collection, plan);
  }

  /** Calls a function with each match, letting other work go on in between. */
  async forEachMatch(stream: MatchStream, accept: (match: Match) => void): Promise<void> {
    const share = new EventLoopShare();
    const take = (match: Match): boolean => {
      accept(match);
      return !share.isUsedUp;
    };
    while (stream.pull(take, share) === 'paused') await share.nextTurn();
  }

  /** The number of entries that a plan reads, without reading documents. */
  countEntries(plan: IndexPlan): number {
    return plan.groups
      .flatMap(({ ranges }) => ranges)
      .reduce((sum, { low, high }) => {
        const start = entryBound(plan.index.id, low);
        const end = entryBound(plan.index.id, high);
        return sum + this.environment.entries.count({ start, end });
      }, 0);
  }

  /**
   * Takes the folder over and finishes what an earlier process left: half-built indexes go, drops are completed.
   * When what can be read of a damaged store is kept, indexes and counts are computed again.
   */
  async open(whenDamaged?: WhenDamaged): Promise<void> {
    await this.environment.takeOver(whenDamaged);
    this.catalog.load();
    if (whenDamaged === 'salvage') await this.computeAgain();
    await this.write(() => {
      for (const collection of this.catalog.all()) {
        for (const index of collection.indexes.filter(({ ready }) => !ready)) {
          this.catalog.removeIndex(collection, index);
          this.sweeper.discardIndex(index);
        }
      }
    });
    this.sweeper.start();
  }

  async close(): Promise<void> {
    await this.sweeper.stop();
    await this.environment.close();
  }

  private async computeAgain(): Promise<void> {
    for (const collection of this.catalog.all()) {
      await this.write(() => {
        collection.recount();
      });
      for (const recordIds of inGroups(collection.recordIds(), RECORDS_PER_WRITE)) {
        await this.write(() => {
          for (const recordId of recordIds) collection.indexAgain(recordId);
        });
      }
    }
  }

  private probe(plan: IndexPlan, limit: number): number {
    let count = 0;
    for (const candidate of new IndexScan(this.environment, plan).candidates()) {
      count += candidate.recordId > 0 ? 1 : 0;
      if (count >= limit) break;
    }
    return count;
  }
}

function* inGroups<T>(values: readonly T[], size: number): Generator<readonly T[], void, undefined> {
  for (let at = 0; at < values.length; at += size) yield values.slice(at, at + size);
}
