import { type ProjectName } from '@keptn/event-models';
import { type UpstreamRemote, upstreamRemote } from '@keptn/git-store';
import { Injectable } from '@nestjs/common';
import { CredentialsStore } from './credentials.store';
import { MountedCredentials, type MountedChange } from './mounted-credentials';
import { type StoredAccess } from './upstream-access';
import { testing, UpstreamIsMounted } from './upstream.errors';

/** How projects reach their upstreams. What the operator has mounted comes before what was set with a request. */
@Injectable()
export class UpstreamCredentials {
  constructor(
    private readonly stored: CredentialsStore,
    private readonly mounted: MountedCredentials,
  ) {}

  /** @param onChange is called whenever the operator changes the upstream of a project */
  async load(projects: ReadonlySet<string>, onChange: MountedChange): Promise<void> {
    await this.stored.load(projects);
    await this.mounted.watch(onChange);
  }

  /** Projects with an upstream, and those that get one when they are created. */
  projects(): ReadonlySet<ProjectName> {
    return new Set([...this.stored.projects(), ...this.mounted.projects()]);
  }

  access(project: ProjectName): StoredAccess | undefined {
    return this.mounted.get(project) ?? this.stored.get(project);
  }

  /** What was set with a request, whatever is mounted. */
  requested(project: ProjectName): StoredAccess | undefined {
    return this.stored.get(project);
  }

  remote(project: ProjectName): UpstreamRemote | undefined {
    const access = this.access(project);
    return access && toRemote(access, this.stored.sshFolder(project));
  }

  /** What the operator has set, also for a project that does not exist yet. */
  mountedAccess(project: ProjectName): StoredAccess | undefined {
    return this.mounted.get(project);
  }

  /** @throws UpstreamIsMounted */
  assertNotMounted(project: ProjectName): void {
    if (this.mounted.get(project) !== undefined) {
      throw new UpstreamIsMounted();
    }
  }

  /**
   * Runs `test` with an upstream that is not in use yet; {@link keepTrial} or {@link dropTrial} follows.
   * @throws UpstreamNotUsable
   */
  async trying<Result>(
    project: ProjectName,
    access: StoredAccess,
    test: (remote: UpstreamRemote) => Promise<Result>,
  ): Promise<Result> {
    const remote = await testing(() => toRemote(access, this.stored.trialFolder(project)));
    try {
      return await testing(() => test(remote));
    } catch (error) {
      await this.dropTrial(project);
      throw error;
    }
  }

  /** Stores what came with a request. */
  async save(project: ProjectName, access: StoredAccess): Promise<void> {
    if (this.mounted.get(project) === undefined) {
      await this.stored.save(project, access);
    }
  }

  /** The SSH host that was seen in the trial is the one to see from now on. */
  async keepTrial(project: ProjectName): Promise<void> {
    await this.stored.keepTrial(project);
  }

  async dropTrial(project: ProjectName): Promise<void> {
    await this.stored.dropTrial(project);
  }

  async delete(project: ProjectName): Promise<void> {
    await this.stored.delete(project);
  }
}

function toRemote({ remoteURI, ...secrets }: StoredAccess, folder: string): UpstreamRemote {
  return upstreamRemote({ ...secrets, url: remoteURI, folder });
}
