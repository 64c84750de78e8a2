import { type ProjectName } from '@keptn/event-models';
import { GitStore, Upstream, type UpstreamRemote, upstreamRemote } from '@keptn/git-store';
import { LOGGER, SETTINGS } from '@keptn/service-kit';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { type Logger } from 'pino';
import { GitProjects } from '../git/git-projects';
import { ProjectQueue } from '../git/project-queue';
import { ProjectNotFound } from '../domain/structure.errors';
import { type Settings } from '../settings';
import { ViewReconciliation } from '../view/view-reconciliation';
import { CredentialsStore } from './credentials.store';
import { MountedCredentials } from './mounted-credentials';
import { type StoredAccess } from './upstream-access';
import { type UpstreamState } from './upstream.dto';
import { testing, UpstreamIsMounted } from './upstream.errors';
import { UpstreamWorker } from './upstream-worker';

/** What is shown of a project's upstream. */
export interface ShownUpstream {
  readonly gitUser?: string;
  readonly gitRemoteURI: string;
  readonly upstream: UpstreamState;
}

/** The upstream repositories of the projects that have one, with a worker each. */
@Injectable()
export class ProjectUpstreams implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly workers = new Map<ProjectName, UpstreamWorker>();
  /** Changes of upstreams; not the queue of structure, which workers wait for. */
  private readonly changes = new ProjectQueue();

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly store: GitStore,
    private readonly git: GitProjects,
    private readonly queue: ProjectQueue,
    private readonly reconciliation: ViewReconciliation,
    private readonly credentials: CredentialsStore,
    private readonly mounted: MountedCredentials,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.credentials.load(new Set<string>(this.git.names()));
    await this.mounted.watch((project, former) => this.replace(project, former));
    for (const project of new Set([...this.credentials.projects(), ...this.mounted.projects()])) {
      this.start(project);
    }
    this.store.onWrite((repository) => this.workers.get(repository as ProjectName)?.wake());
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([...this.workers.values()].map((worker) => worker.stop()));
  }

  /** What of a project's upstream may be seen; undefined when it has none. */
  shown(project: ProjectName): ShownUpstream | undefined {
    const access = this.access(project);
    const worker = this.workers.get(project);
    if (access === undefined || worker === undefined) {
      return undefined;
    }
    const { user, remoteURI } = access;
    return { ...(user !== undefined && { gitUser: user }), gitRemoteURI: remoteURI, upstream: worker.state };
  }

  /** Where a project's upstream is; empty when it has none. */
  address(project: ProjectName): { readonly upstreamURL?: string } {
    const access = this.access(project);
    return access === undefined ? {} : { upstreamURL: access.remoteURI };
  }

  /** What the operator has set comes before what was set with a request. */
  access(project: ProjectName): StoredAccess | undefined {
    return this.mounted.get(project) ?? this.credentials.get(project);
  }

  /**
   * The upstream that a new project is to have: the one of the request, or the one that waits for a project of this name.
   * @throws UpstreamIsMounted when there are both
   */
  accessForNew(project: ProjectName, requested: StoredAccess | undefined): StoredAccess | undefined {
    if (requested !== undefined) {
      this.assertNotMounted(project);
    }
    return requested ?? this.mounted.get(project);
  }

  /** @throws UpstreamIsMounted */
  assertNotMounted(project: ProjectName): void {
    if (this.mounted.get(project) !== undefined) {
      throw new UpstreamIsMounted();
    }
  }

  /**
   * Runs `test` with an upstream that is not in use yet.
   * @throws UpstreamNotUsable
   */
  async trying<Result>(
    project: ProjectName,
    access: StoredAccess,
    test: (remote: UpstreamRemote) => Promise<Result>,
  ): Promise<Result> {
    const remote = await testing(() => toRemote(access, this.credentials.trialFolder(project)));
    try {
      return await testing(() => test(remote));
    } catch (error) {
      await this.credentials.dropTrial(project);
      throw error;
    }
  }

  /** Keeps the credentials; {@link start} follows when the project exists. */
  async keep(project: ProjectName, access: StoredAccess): Promise<void> {
    if (this.mounted.get(project) === undefined) {
      await this.credentials.save(project, access);
    }
  }

  /** The host that {@link trying} saw is the one to see from now on. */
  async keepTrial(project: ProjectName): Promise<void> {
    await this.credentials.keepTrial(project);
  }

  async dropTrial(project: ProjectName): Promise<void> {
    await this.credentials.dropTrial(project);
  }

  start(project: ProjectName): void {
    void this.changes
      .run(project, () => {
        this.startWorker(project);
        return Promise.resolve();
      })
      .catch((error: unknown) => {
        this.logger.error({ project, err: error }, 'cannot work with the upstream repository: set it again');
      });
  }

  /**
   * Sets or changes the upstream of a project, when the new one passes the test.
   * @throws ProjectNotFound, UpstreamNotUsable
   */
  async set(project: ProjectName, access: StoredAccess): Promise<void> {
    await this.changes.run(project, async () => {
      const present = this.credentials.get(project);
      await this.trying(project, access, (remote) => Upstream.check(this.store.repository(project), remote));
      await this.stop(project);
      await this.keep(project, access);
      await this.keepTrial(project);
      if (present?.remoteURI !== access.remoteURI) {
        await Upstream.forget(this.store.repository(project));
      }
      if (!this.git.has(project)) {
        await this.credentials.delete(project);
        throw new ProjectNotFound();
      }
      this.startWorker(project);
    });
  }

  /** The project goes on without an upstream; what is in the upstream stays there. */
  async remove(project: ProjectName): Promise<void> {
    await this.changes.run(project, async () => {
      await this.stop(project);
      await this.credentials.delete(project);
      await Upstream.forget(this.store.repository(project));
    });
  }

  /** For a project that is deleted: without the network, and without waiting for a worker. */
  async drop(project: ProjectName): Promise<void> {
    void this.stop(project);
    await this.credentials.delete(project);
  }

  /** Waits until what is committed now was pushed, or could not be. */
  async settled(project: ProjectName): Promise<void> {
    await this.changes.run(project, () => Promise.resolve());
    await this.workers.get(project)?.settled();
  }

  /** Goes on with what the operator has set now. */
  private async replace(project: ProjectName, formerMounted: StoredAccess | undefined): Promise<void> {
    const former = formerMounted ?? this.credentials.get(project);
    await this.changes.run(project, async () => {
      if (!this.git.has(project)) {
        return;
      }
      this.logger.info({ project }, 'the credentials of the upstream repository have changed');
      await this.stop(project);
      if (former?.remoteURI !== this.access(project)?.remoteURI) {
        await Upstream.forget(this.store.repository(project));
      }
    });
    this.start(project);
  }

  private startWorker(project: ProjectName): void {
    const access = this.access(project);
    if (access === undefined || this.workers.has(project) || !this.git.has(project)) {
      return;
    }
    const worker = new UpstreamWorker({
      repository: this.store.repository(project),
      remote: toRemote(access, this.credentials.sshFolder(project)),
      logger: this.logger.child({ project }),
      fetchInterval: this.settings.UPSTREAM_FETCH_INTERVAL_MS,
      integrating: (integrate, signal) => this.integrating(project, integrate, signal),
    });
    this.workers.set(project, worker);
  }

  private async stop(project: ProjectName): Promise<void> {
    const worker = this.workers.get(project);
    this.workers.delete(project);
    await worker?.stop();
  }

  private async integrating(
    project: ProjectName,
    integrate: () => Promise<{ readonly moved: readonly string[] }>,
    signal: AbortSignal,
  ): Promise<void> {
    await this.queue.run(project, async () => {
      if (signal.aborted) {
        return;
      }
      const { moved } = await integrate();
      if (moved.length === 0) {
        return;
      }
      this.logger.info({ project, branches: moved }, 'commits of the upstream repository have come');
      try {
        await this.reconciliation.compare(project);
      } catch (error) {
        this.reconciliation.request();
        throw error;
      }
    });
  }
}

function toRemote({ remoteURI, ...secrets }: StoredAccess, folder: string): UpstreamRemote {
  return upstreamRemote({ ...secrets, url: remoteURI, folder });
}
