import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { type ProjectName } from '@keptn/event-models';
import { LOGGER, Readiness, ServiceUnavailable } from '@keptn/service-kit';
import { Inject, Injectable, type OnApplicationBootstrap, type BeforeApplicationShutdown } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { type Connection, STATES } from 'mongoose';
import { type Logger } from 'pino';
import { mayPass } from '../git/git-failure';
import { GitProjects } from '../git/git-projects';
import { ProjectQueue } from '../git/project-queue';
import { type ProjectStructure, ProjectStructureReader } from '../git/project-structure';
import { AnswerPreparation } from './answer-preparation';
import { ProjectViewStore } from './project-view.store';
import { planRepair, type RepairPlan } from './repair-plan';
import { ServiceViewStore } from './service-view.store';

/** Pause between two attempts, in milliseconds. */
const RETRY_DELAY_MS = 1_000;

/**
 * Makes the view show what Git holds: at start, since a crash may have come between the two, and whenever a change reached
 * Git and not the view. Until it is done the view is not asked.
 */
@Injectable()
export class ViewReconciliation implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  /** How many times it was asked for; a pass that began before the last time is not enough. */
  private requests = 0;
  private running: Promise<void> | undefined;
  private isCurrent = false;

  constructor(
    @InjectConnection() private readonly connection: Connection,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly git: GitProjects,
    private readonly structures: ProjectStructureReader,
    private readonly queue: ProjectQueue,
    private readonly projects: ProjectViewStore,
    private readonly services: ServiceViewStore,
    private readonly preparation: AnswerPreparation,
    readiness: Readiness,
  ) {
    readiness.add('view', () =>
      this.isCurrent ? Promise.resolve() : Promise.reject(new Error('being compared with the Git repositories')),
    );
  }

  onApplicationBootstrap(): void {
    this.request();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private get isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  /** Asks for a comparison of everything; it goes on in the background until it succeeds. */
  request(): void {
    this.requests++;
    this.isCurrent = false;
    this.start();
  }

  /** @throws ServiceUnavailable while the view may differ from Git */
  assertCurrent(): void {
    if (!this.isCurrent) {
      throw new ServiceUnavailable('the list of projects is being compared with the Git repositories; try again soon', {
        reason: 'VIEW_NOT_READY',
      });
    }
  }

  private start(): void {
    this.running ??= this.run().finally(() => {
      this.running = undefined;
      // Asked for again after the last look at it.
      if (!this.isCurrent && !this.isStopping) {
        this.start();
      }
    });
  }

  private async run(): Promise<void> {
    while (!this.isCurrent && !this.isStopping) {
      const request = this.requests;
      try {
        await this.connected();
        await this.compareEverything();
        this.isCurrent = request === this.requests;
      } catch (error) {
        await this.pauseAfter(error);
      }
    }
  }

  private async pauseAfter(error: unknown): Promise<void> {
    if (this.isStopping) {
      return;
    }
    this.logger.warn({ err: error }, 'cannot compare the view with Git, trying again');
    await delay(RETRY_DELAY_MS, undefined, { ref: false, signal: this.stopping.signal }).catch(ignore);
  }

  private async connected(): Promise<void> {
    if (this.connection.readyState !== STATES.connected) {
      await once(this.connection, 'connected', { signal: this.stopping.signal });
    }
  }

  /** Makes the view show what Git holds, project by project; it stays in use meanwhile. */
  async compareEverything(): Promise<void> {
    const inGit = this.git.names();
    const inView = await this.projects.namesInOrder();
    for (const project of new Set([...inGit, ...inView])) {
      await this.queue.run(project, () => this.compareIfReadable(project));
    }
    // Has every kept answer forgotten as well: a write that was given up may have reached the database later.
    await this.services.deleteProjectsExcept(inGit);
    this.preparation.request(inGit);
    this.logger.info({ projects: inGit.length }, 'the view shows what the Git repositories hold');
  }

  /**
   * As {@link compare}. One project with a damaged repository, or with content that nobody has thought of, must not keep all others from
   * being served; what the view says of it stays.
   */
  async compareIfReadable(project: ProjectName): Promise<void> {
    let structure: ProjectStructure | undefined;
    try {
      structure = await this.structureOf(project);
    } catch (error) {
      if (mayPass(error)) {
        throw error;
      }
      this.logger.error(
        { project, err: error },
        'cannot compare a project with its Git repository; its view stays as it is',
      );
      return;
    }
    await this.show(project, structure);
  }

  /** Makes the view show one project as Git holds it. The caller holds the project's queue. */
  async compare(project: ProjectName): Promise<void> {
    await this.show(project, await this.structureOf(project));
  }

  /** @returns undefined when Git does not hold it */
  private async structureOf(project: ProjectName): Promise<ProjectStructure | undefined> {
    return this.git.has(project) ? await this.structures.read(project) : undefined;
  }

  private async show(project: ProjectName, structure: ProjectStructure | undefined): Promise<void> {
    if (structure === undefined) {
      this.logger.warn({ project }, 'removing a project from the view that Git does not hold');
      await this.projects.delete(project);
      await this.services.deleteProject(project);
      return;
    }
    const [document, services] = await Promise.all([this.projects.find(project), this.services.ofProject(project)]);
    await this.repair(project, planRepair(structure, document, services));
  }

  private async repair(project: ProjectName, plan: RepairPlan): Promise<void> {
    if (Object.values(plan).flat().length === 0) {
      return;
    }
    this.logger.warn({ project }, 'repairing the view, which differs from Git');
    if (plan.insert !== undefined) {
      await this.projects.insert(plan.insert);
    }
    if (plan.stages !== undefined) {
      await this.projects.setStages(project, plan.stages);
    }
    if (plan.shipyard !== undefined) {
      await this.projects.setShipyard(project, plan.shipyard.content);
    }
    for (const { service, stages } of plan.removedServices) {
      await this.services.remove(project, service, stages);
    }
    for (const { service, stages } of plan.addedServices) {
      await this.services.add(project, service, stages);
    }
  }
}

const ignore = (): void => {
  // Only the shutdown ends the pause early.
};
