import { Injectable } from '@nestjs/common';

/**
 * Lets everything that changes the structure of one project, in Git and in the view, happen one after the other, in the
 * order in which it came. Different projects don't wait for each other. This process is the only one that owns the
 * repositories, so a queue in memory is enough.
 */
@Injectable()
export class ProjectQueue {
  private readonly tails = new Map<string, Promise<unknown>>();

  /** @param work must not queue other work on the same project and wait for it */
  async run<Result>(project: string, work: () => Promise<Result>): Promise<Result> {
    const result = (this.tails.get(project) ?? Promise.resolve()).then(work);
    const settled = result.then(ignore, ignore);
    this.tails.set(project, settled);
    void settled.then(() => {
      if (this.tails.get(project) === settled) {
        this.tails.delete(project);
      }
    });
    return await result;
  }
}

const ignore = (): void => {
  // Whoever queued the work handles its outcome.
};
