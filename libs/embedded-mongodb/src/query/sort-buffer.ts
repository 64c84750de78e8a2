import { CommandError } from '../errors';
import { type KeyComponent } from '../keys/index-definition';
import { type Match } from './query-run';
import { sortKey } from '../keys/sort-order';

/** MongoDB's limit on the memory of a sort without an index (bytes). */
const MAX_SORT_BYTES = 100 * 1024 * 1024;

interface Sortable {
  readonly key: Buffer;
  readonly match: Match;
}

/** Collects matches and gives them back in order, keeping no more of them than are wanted. */
export class SortBuffer {
  private items: Sortable[] = [];
  private bytes = 0;

  /** @param wanted how many of the first documents are wanted; 0 for all */
  constructor(
    private readonly components: readonly KeyComponent[],
    private readonly wanted: number,
  ) {}

  /** @throws CommandError when the matches take too much memory */
  add(match: Match): void {
    // The copy holds only the bytes, not the decoded document.
    this.items.push({ key: sortKey(match.document, this.components), match: match.copy() });
    this.bytes += match.bytes.length;
    if (this.wanted > 0 && this.items.length >= this.wanted * 2 + 64) this.trim();
    if (this.bytes <= MAX_SORT_BYTES) return;
    if (this.wanted > 0) this.trim();
    if (this.bytes > MAX_SORT_BYTES) {
      throw new CommandError(
        'QueryExceededMemoryLimitNoDiskUseAllowed',
        `Sort exceeded memory limit of ${MAX_SORT_BYTES} bytes; add an index that gives the order`,
      );
    }
  }

  /** The matches in order; equal ones in the order they came. */
  sorted(): readonly Match[] {
    this.trim();
    return this.items.map(({ match }) => match);
  }

  private trim(): void {
    this.items.sort((a, b) => Buffer.compare(a.key, b.key));
    if (this.wanted > 0) this.items = this.items.slice(0, this.wanted);
    this.bytes = this.items.reduce((sum, { match }) => sum + match.bytes.length, 0);
  }
}
