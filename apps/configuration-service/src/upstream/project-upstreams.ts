import { type UpstreamFields, type UpstreamState } from '@keptn/api-models';
import { type ProjectName } from '@keptn/event-models';
import { GitStore, type Repository, Upstream } from '@keptn/git-store';
import { LOGGER } from '@keptn/service-kit';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { type Logger } from 'pino';
import { ProjectNotFound } from '../domain/structure.errors';
import { GitProjects } from '../git/git-projects';
import { ProjectQueue } from '../git/project-queue';
import { accessForChange, type StoredAccess } from './upstream-access';
import { UpstreamCredentials } from './upstream-credentials';
import { testing } from './upstream.errors';
import { type PushWait, UpstreamWorkers } from './upstream-workers';

/** What is shown of a project's upstream. */
export interface ShownUpstream {
  readonly gitUser?: string;
  readonly gitRemoteURI: string;
  readonly upstream: UpstreamState;
}

/** The upstream repositories of projects: which one a project has, and its changes. */
@Injectable()
export class ProjectUpstreams implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** Changes of upstreams; not the queue of structure, which workers wait for. */
  private readonly changes = new ProjectQueue();

  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly store: GitStore,
    private readonly git: GitProjects,
    private readonly structure: ProjectQueue,
    private readonly credentials: UpstreamCredentials,
    private readonly workers: UpstreamWorkers,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const projects = new Set<string>(this.git.names());
    await this.credentials.load(projects, (project, former) => this.replace(project, former));
    for (const project of this.credentials.projects()) {
      this.start(project);
    }
    this.store.onWrite((repository) => {
      this.workers.wake(repository as ProjectName);
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.workers.stopAll();
  }

  /** What of a project's upstream may be seen; undefined when it has none. */
  shown(project: ProjectName): ShownUpstream | undefined {
    const access = this.credentials.access(project);
    const upstream = this.workers.state(project);
    if (access === undefined || upstream === undefined) {
      return undefined;
    }
    const { user, remoteURI } = access;
    return { ...(user !== undefined && { gitUser: user }), gitRemoteURI: remoteURI, upstream };
  }

  /** Where a project's upstream is; empty when it has none. */
  address(project: ProjectName): { readonly upstreamURL?: string } {
    const access = this.credentials.access(project);
    return access === undefined ? {} : { upstreamURL: access.remoteURI };
  }

  /**
   * Waits until what is committed now was pushed or could not be, or the time is over.
   * @returns the state of the upstream then; undefined when the project has none
   */
  async pushed(project: ProjectName, wait: PushWait): Promise<UpstreamState | undefined> {
    await this.workers.pushed(project, wait);
    return this.workers.state(project);
  }

  /** Begins to push and fetch. */
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
   * Pushes a new project, all of it or nothing.
   * @throws UpstreamNotUsable
   */
  async publish(project: ProjectName): Promise<void> {
    const remote = this.credentials.remote(project);
    if (remote !== undefined) {
      await testing(() => Upstream.publish(this.store.repository(project), remote));
    }
  }

  /**
   * Sets, changes or removes the upstream of a project.
   * @returns false when the fields ask for no change
   * @throws ProjectNotFound, UpstreamNotUsable when the new one does not pass its test
   */
  async change(project: ProjectName, fields: UpstreamFields): Promise<boolean> {
    const change = accessForChange(fields, this.credentials.access(project));
    if (change === undefined) {
      return false;
    }
    this.credentials.assertNotMounted(project);
    await this.changes.run(project, () => (change === 'remove' ? this.remove(project) : this.set(project, change.set)));
    return true;
  }

  /** For a project that is deleted: without the network, and without waiting for a worker. */
  async drop(project: ProjectName): Promise<void> {
    void this.workers.stop(project);
    await this.credentials.delete(project);
  }

  private async set(project: ProjectName, access: StoredAccess): Promise<void> {
    const repository = this.store.repository(project);
    await this.credentials.trying(project, access, (remote) => Upstream.check(repository, remote));
    try {
      await this.replaceIn(repository, project, async () => {
        const present = this.credentials.requested(project);
        await this.credentials.save(project, access);
        await this.credentials.keepTrial(project);
        if (present?.remoteURI !== access.remoteURI) {
          await Upstream.forget(repository);
        }
      });
    } finally {
      await this.credentials.dropTrial(project);
    }
  }

  /** The project goes on without an upstream; what is in the upstream stays there. */
  private async remove(project: ProjectName): Promise<void> {
    const repository = this.store.repository(project);
    await this.replaceIn(repository, project, async () => {
      await this.credentials.delete(project);
      await Upstream.forget(repository);
    });
  }

  /**
   * Changes the upstream while nobody works with it, deletes the project or creates another one of its name.
   * @param repository of the project when the change was asked for
   * @throws ProjectNotFound when it is another one by now
   */
  private async replaceIn(repository: Repository, project: ProjectName, change: () => Promise<void>): Promise<void> {
    // First: a worker may wait for the same queue.
    await this.workers.stop(project);
    try {
      await this.structure.run(project, async () => {
        if (!this.git.has(project) || this.store.repository(project) !== repository) {
          throw new ProjectNotFound();
        }
        await change();
      });
    } finally {
      this.startWorker(project);
    }
  }

  /** Goes on with what the operator has set now. */
  private async replace(project: ProjectName, formerMounted: StoredAccess | undefined): Promise<void> {
    const former = formerMounted ?? this.credentials.requested(project);
    await this.changes.run(project, async () => {
      if (!this.git.has(project)) {
        return;
      }
      this.logger.info({ project }, 'the credentials of the upstream repository have changed');
      await this.workers.stop(project);
      if (former?.remoteURI !== this.credentials.access(project)?.remoteURI) {
        await Upstream.forget(this.store.repository(project));
      }
    });
    this.start(project);
  }

  private startWorker(project: ProjectName): void {
    const remote = this.credentials.remote(project);
    if (remote !== undefined && this.git.has(project)) {
      this.workers.start(project, this.store.repository(project), remote);
    }
  }
}
