/**
 * Lets tasks on the same branch run one after the other in the order in which they came, and tasks on different
 * branches side by side. A task may hold several branches. Places in all its queues are taken at once, so two such
 * tasks never wait for each other.
 */
export class BranchQueues {
  private readonly tails = new Map<string, Promise<unknown>>();
  private gate: Promise<unknown> = Promise.resolve();

  /** @param branches that the task changes; it must not queue another task on them and wait for it */
  async run<Result>(branches: readonly string[], task: () => Promise<Result>): Promise<Result> {
    const before = branches.map((branch) => this.tails.get(branch) ?? this.gate);
    const result = Promise.all([this.gate, ...before]).then(task);
    const settled = result.then(ignore, ignore);
    for (const branch of branches) this.tails.set(branch, settled);
    void settled.then(() => {
      for (const branch of branches) if (this.tails.get(branch) === settled) this.tails.delete(branch);
    });
    return await result;
  }

  /** Runs a task when all earlier ones are done, and holds back all later ones. */
  async runAlone<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = Promise.all([this.gate, ...this.tails.values()]).then(task);
    this.gate = result.then(ignore, ignore);
    return await result;
  }
}

function ignore(): void {
  // Whoever queued the task handles its outcome.
}
