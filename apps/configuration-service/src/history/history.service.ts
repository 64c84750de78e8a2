import { type HistoryEntry, type HistoryPage, type HistoryQuery, NO_FURTHER_PAGE } from '@keptn/api-models';
import { type ResourceUri } from '@keptn/event-models';
import { type Commit, GitStore, parseMessage, type Snapshot } from '@keptn/git-store';
import { Injectable } from '@nestjs/common';
import { KEPTN_CONTEXT_TRAILER } from '../git/commit-trailers';
import { chartPathOf } from '../resource/chart-path';
import { ResourceNotFound } from '../resource/resource.errors';
import { pathIn, type BranchScope } from '../resource/resource-scope';
import { assertServiceExists } from '../resource/resource-write';

/** Who changed the resources of a scope, when, and why: the commits of its branch. */
@Injectable()
export class HistoryService {
  constructor(private readonly store: GitStore) {}

  /**
   * A resource that is deleted by now still has its history.
   * @throws ProjectNotFound, StageNotFound, ServiceNotFound, CommitNotFound; ResourceNotFound when there never was one
   */
  async read(scope: BranchScope, { resourceURI: uri, pageSize, nextPageKey }: HistoryQuery): Promise<HistoryPage> {
    const { project, branch, service } = scope;
    const repository = this.store.repository(project);
    const current = await repository.at({ branch });
    await assertServiceExists(current, service);
    const path = uri === undefined ? service : await keptAt(current, scope, uri);
    const { commits, next } = await repository.history({
      commit: current.commit.id,
      limit: pageSize,
      ...(path !== undefined && { path }),
      ...(nextPageKey !== undefined && { after: nextPageKey }),
    });
    if (uri !== undefined && nextPageKey === undefined && commits.length === 0) {
      throw new ResourceNotFound(scope.level);
    }
    return { branch, history: commits.map(toEntry), nextPageKey: next ?? NO_FURTHER_PAGE };
  }
}

/** Where Git has a resource: a chart's archive is kept as the folder of its files. */
async function keptAt(current: Snapshot, { service }: BranchScope, uri: ResourceUri): Promise<string> {
  const path = pathIn(service, uri);
  const chart = service === undefined ? undefined : chartPathOf(uri);
  return chart === undefined || (await current.hasFile(path)) ? path : pathIn(service, chart.folder);
}

function toEntry({ id, author, committer, message }: Commit): HistoryEntry {
  const { text, trailers } = parseMessage(message);
  const keptnContext = trailers.get(KEPTN_CONTEXT_TRAILER);
  return {
    version: id,
    time: committer.time.toISOString(),
    author: { name: author.name, email: author.email },
    message: text,
    ...(keptnContext !== undefined && { keptnContext }),
  };
}
