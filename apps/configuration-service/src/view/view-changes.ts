import { type ProjectName } from '@keptn/event-models';
import { Injectable } from '@nestjs/common';

/** What is changed when projects come and go. */
export const PROJECT_LIST = Symbol('list of projects');

/** Part of the view of which answers are kept. */
export type ViewPart = ProjectName | typeof PROJECT_LIST;

/**
 * Counts the changes of the view, so that answers which were made from it can be kept until the next one. No other process writes to
 * the view: this one owns the Git repositories that it shows.
 */
@Injectable()
export class ViewChanges {
  private ofEverything = 0;
  private readonly counts = new Map<ViewPart, number>();

  /**
   * Another number after every change, and while one is made. An answer may be kept under the number that was read before the view was.
   */
  revisionOf(part: ViewPart): number {
    return this.ofEverything + (this.counts.get(part) ?? 0);
  }

  /**
   * Makes a change. It counts when it begins and when it ends: what was read in between may be from before or after it, and counts for
   * nothing once the change is acknowledged.
   */
  async during<Result>(parts: Iterable<ViewPart>, change: () => PromiseLike<Result>): Promise<Result> {
    const changed = new Set(parts);
    this.count(changed);
    try {
      return await change();
    } finally {
      this.count(changed);
    }
  }

  /** After this no answer from before is used any more. */
  forgetEverything(): void {
    this.ofEverything += 1;
  }

  private count(parts: ReadonlySet<ViewPart>): void {
    for (const part of parts) this.counts.set(part, (this.counts.get(part) ?? 0) + 1);
  }
}
