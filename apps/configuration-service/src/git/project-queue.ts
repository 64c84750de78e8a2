import { ServiceUnavailable } from '@keptn/service-kit';
import { Injectable } from '@nestjs/common';

/**
 * How long work waits for its turn, in milliseconds: less than the services that ask for it. What nobody waits for any more must not be
 * done later, since they have found out by then that it was not.
 */
const LONGEST_WAIT_MS = 12_000;

/** Another change of the project takes its time, such as a push to an upstream repository. */
export class ProjectBusy extends ServiceUnavailable {
  constructor(project: string) {
    super(`another change of project ${project} is still under way; try again in a moment`);
  }
}

/**
 * Lets everything that changes the structure of one project, in Git and in the view, happen one after the other, in the
 * order in which it came. Different projects don't wait for each other. This process is the only one that owns the
 * repositories, so a queue in memory is enough.
 */
@Injectable()
export class ProjectQueue {
  private readonly tails = new Map<string, Promise<void>>();

  /**
   * @param work must not queue other work on the same project and wait for it
   * @throws ProjectBusy when its turn does not come in time; then nothing was done
   */
  run<Result>(project: string, work: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      let hasGivenUp = false;
      const patience = setTimeout(() => {
        hasGivenUp = true;
        reject(new ProjectBusy(project));
      }, LONGEST_WAIT_MS);
      this.add(project, async () => {
        clearTimeout(patience);
        if (!hasGivenUp) await Promise.resolve().then(work).then(resolve, reject);
      });
    });
  }

  private add(project: string, turn: () => Promise<void>): void {
    const tail = (this.tails.get(project) ?? Promise.resolve()).then(turn);
    this.tails.set(project, tail);
    void tail.then(() => {
      if (this.tails.get(project) === tail) this.tails.delete(project);
    });
  }
}
