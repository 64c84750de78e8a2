import { LOGGER } from '@keptn/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { type Logger } from 'pino';
import { ContextStore } from '../contexts/context-store';
import { EventRemoval } from '../log/event-removal';
import { EventStore } from '../log/event-store';
import { type DeletedProject, ProjectRegistry } from './project-registry';

/** Deleted in one step; keeps each step short enough to let other work through. */
const BATCH = 500;

/** The beginning and the end of projects, as far as the log is concerned. */
@Injectable()
export class ProjectDeletion {
  constructor(
    private readonly store: EventStore,
    private readonly removal: EventRemoval,
    private readonly projects: ProjectRegistry,
    private readonly contexts: ContextStore,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Accepts events of the project from now on. What a deletion left of an earlier project of that name goes first. */
  async create(project: string): Promise<void> {
    const known = await this.projects.find(project);
    if (known?.state === 'active') return;
    if (known?.isPurging === true) await this.purgeWhenKnown(known);
    else if (known?.state === 'deleted') await this.purge(known);
    await this.projects.activate(project);
  }

  /**
   * Refuses events of the project from now on and deletes those that exist. A crash in between is made up for at the next start.
   * Of a project that was never created the events go, and later ones are kept as before.
   *
   * @param deletedBy the event that says so; the same one again does nothing
   * @returns whether there was a project
   */
  async delete(project: string, deletedBy: string): Promise<boolean> {
    const known = await this.projects.find(project);
    if (known === null) {
      await this.forget(project);
      return false;
    }
    if (known.deletedBy === deletedBy) {
      if (known.isPurging) await this.purgeWhenKnown(known);
    } else {
      await this.purgeWhenKnown(await this.projects.beginDeletion(project, deletedBy));
    }
    return true;
  }

  /** Ends the deletions that a crash interrupted. */
  async resume(): Promise<void> {
    for (const deleted of await this.projects.halfDeleted()) {
      this.logger.info({ project: deleted._id }, 'deleting the rest of a project');
      await this.purgeWhenKnown(deleted);
    }
  }

  /** Events that are written in the belief that the project exists are there before events are looked for. */
  private async purgeWhenKnown(deleted: DeletedProject): Promise<void> {
    await this.projects.untilNoneRelies();
    await this.purge(deleted);
  }

  private async purge(deleted: DeletedProject): Promise<void> {
    await this.removeAll(deleted._id, () => this.projects.isDeleted(deleted._id));
    await this.projects.endDeletion(deleted);
  }

  private async forget(project: string): Promise<void> {
    await this.removeAll(project, async () => (await this.projects.find(project)) === null);
  }

  /** @param mayGo whether that is still right; asked after each look, so that what is removed was there before */
  private async removeAll(project: string, mayGo: () => Promise<boolean>): Promise<void> {
    while ((await this.deleteSomeEvents(project, mayGo)) || (await this.repairSomeContexts(project, mayGo)));
  }

  /** @returns whether there may be more */
  private async deleteSomeEvents(project: string, mayGo: () => Promise<boolean>): Promise<boolean> {
    const found = await this.store.headers({ anyOf: { project: [project] } }, BATCH);
    // Another replica may have ended the deletion, and the project may have been created again.
    if (found.length === 0 || !(await mayGo())) return false;
    await this.removal.remove(found);
    return true;
  }

  /** Contexts come second: their records lead to what a crash left, while events lead to no record. */
  private async repairSomeContexts(project: string, mayGo: () => Promise<boolean>): Promise<boolean> {
    const found = await this.contexts.rootedIn(project, BATCH);
    if (found.length === 0 || !(await mayGo())) return false;
    await Promise.all(found.map(({ context, sequence }) => this.contexts.repair(context, sequence)));
    return true;
  }
}
