import { type InfiniteData, type QueryClient, type QueryKey } from '@tanstack/react-query';
import { atRest, changeAnswer } from '../../api/read-again';
import { Refresher } from '../../api/refresher';
import { type ReadRuns, type RunPage, withRun } from './run-pages';

/** A list of runs that is shown. */
export interface ShownRuns {
  readonly client: QueryClient;
  readonly queryKey: QueryKey;
  /**
   * Reads one run of the list; none when it is no longer among those that are asked for.
   *
   * @param wanted sequence number of the log that has to be in the answer
   */
  readonly readRun: (
    keptnContext: string,
    wanted: number,
  ) => Promise<Pick<ReadRuns, 'runs'> & { readonly position: number }>;
  /** Has all of the list read again. */
  readonly readAll: (wanted: number) => void;
}

/**
 * Reads the run of each event again, and that alone, however many runs are shown. What cannot be had so is read with all of the list, which
 * says so when that fails as well.
 */
export class LiveRuns {
  private readonly refresher: Refresher;

  constructor(private readonly list: ShownRuns) {
    this.refresher = new Refresher(list.readAll);
  }

  /** @param sequence of an event of the run */
  touch(keptnContext: string, sequence: number): void {
    this.refresher.touch(keptnContext, sequence, (wanted) => this.read(keptnContext, wanted));
  }

  stop(): void {
    this.refresher.stop();
  }

  /** @returns up to which event everything is in the answer */
  private async read(keptnContext: string, wanted: number): Promise<number> {
    const { client, queryKey, readRun, readAll } = this.list;
    const hasFailed = (): boolean => client.getQueryState(queryKey)?.status === 'error';
    // Who cannot answer for the list is asked less often than events come.
    const answer = hasFailed() ? undefined : await readRun(keptnContext, wanted).catch(() => undefined);
    await atRest(client.getQueryCache().find({ queryKey }));
    // One run would make a list that could not be read look up to date, whatever else it lacks.
    if (answer === undefined || hasFailed()) {
      readAll(wanted);
      return Infinity;
    }
    const { runs, position } = answer;
    await changeAnswer(client, queryKey, (data: InfiniteData<RunPage>) => withRun(data, keptnContext, runs[0]));
    return position;
  }
}
