import { type SubscriptionFilter } from '@keptn/api-models';
import { type EventJson, type FilterMatcher, filterMatcherOf } from './filter';
import { newsMatcherOf } from './news';
import { type TypeMatcher, typeMatcherOf } from './type-pattern';

/** What a subscriber wants to get. */
export interface Interest {
  /** Patterns of event types, of which one must match; all types when empty. */
  readonly types: readonly string[];
  readonly filters: readonly SubscriptionFilter[];
  /** Whether imported events are wanted as well. */
  readonly imported?: boolean | undefined;
  /** Older events are not wanted, e.g. `7d`. */
  readonly maxAge?: string | undefined;
}

/** Types come from outside; whoever sends ever new ones must not fill the memory. */
const REMEMBERED_TYPES = 10_000;

interface Entry<Subscriber> {
  readonly subscriber: Subscriber;
  readonly types: readonly TypeMatcher[];
  readonly passes: FilterMatcher;
}

/** Finds who wants an event: by its type in one look-up, then by the filters of those that are left. */
export class SubscriptionIndex<Subscriber> {
  private readonly entries = new Map<Subscriber, Entry<Subscriber>>();
  private readonly byType = new Map<string, readonly Entry<Subscriber>[]>();

  set(subscriber: Subscriber, interest: Interest): void {
    const isNews = newsMatcherOf(interest);
    const passesFilters = filterMatcherOf(interest.filters);
    this.entries.set(subscriber, {
      subscriber,
      types: interest.types.map(typeMatcherOf),
      passes: (event) => isNews(event) && passesFilters(event),
    });
    this.byType.clear();
  }

  delete(subscriber: Subscriber): void {
    this.entries.delete(subscriber);
    this.byType.clear();
  }

  has(subscriber: Subscriber): boolean {
    return this.entries.has(subscriber);
  }

  /** @param event with the type that it has as its attribute */
  matching(type: string, event: EventJson): Subscriber[] {
    const found: Subscriber[] = [];
    for (const { subscriber, passes } of this.ofType(type)) if (passes(event)) found.push(subscriber);
    return found;
  }

  /** Whether one subscriber wants an event. */
  matches(subscriber: Subscriber, type: string, event: EventJson): boolean {
    const entry = this.entries.get(subscriber);
    return entry !== undefined && wantsType(entry, type) && entry.passes(event);
  }

  private ofType(type: string): readonly Entry<Subscriber>[] {
    const known = this.byType.get(type);
    if (known !== undefined) return known;
    if (this.byType.size >= REMEMBERED_TYPES) this.byType.clear();
    const found = [...this.entries.values()].filter((entry) => wantsType(entry, type));
    this.byType.set(type, found);
    return found;
  }
}

const wantsType = ({ types }: Pick<Entry<unknown>, 'types'>, type: string): boolean =>
  types.length === 0 || types.some((matches) => matches(type));
