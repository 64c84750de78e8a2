import { GitStore, GitStoreError } from '@keptn/git-store';
import { InvalidSettings, KnownFailures, LOGGER, SETTINGS } from '@keptn/service-kit';
import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { join } from 'node:path';
import { type Logger } from 'pino';
import { type Settings } from '../settings';
import { gitFailureDescription } from './git-failure';
import { GitProjects } from './git-projects';
import { ProjectQueue } from './project-queue';
import { ProjectStructureReader } from './project-structure';

/** Folder of the repositories in KEPTN_DATA_DIR. */
const REPOSITORIES_FOLDER = 'repositories';

async function openGitStore(settings: Settings, logger: Logger): Promise<GitStore> {
  try {
    return await GitStore.open({
      folder: join(settings.KEPTN_DATA_DIR, REPOSITORIES_FOLDER),
      identity: { name: settings.GIT_AUTHOR_NAME, email: settings.GIT_AUTHOR_EMAIL },
      logger: {
        log: (message) => {
          logger.info(message);
        },
        warn: (message) => {
          logger.warn(message);
        },
      },
    });
  } catch (error) {
    // The operator can mend all of these, and the message says how.
    throw error instanceof GitStoreError ? new InvalidSettings(`KEPTN_DATA_DIR: ${error.message}`) : error;
  }
}

/** The Git repositories of this service, in its sole possession from start to shutdown. */
@Module({
  providers: [
    { provide: GitStore, inject: [SETTINGS, LOGGER], useFactory: openGitStore },
    GitProjects,
    ProjectQueue,
    ProjectStructureReader,
  ],
  exports: [GitStore, GitProjects, ProjectQueue, ProjectStructureReader],
})
export class GitModule implements OnApplicationShutdown {
  constructor(
    private readonly store: GitStore,
    @Inject(LOGGER) logger: Logger,
    failures: KnownFailures,
  ) {
    failures.add(gitFailureDescription(logger));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }
}
