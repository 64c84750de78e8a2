import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { GitModule } from '../git/git.module';
import { AnswerPreparation } from './answer-preparation';
import { OpenItemsOfServices } from './open-items';
import { ProjectAnswers } from './project-answers';
import { ProjectViewStore } from './project-view.store';
import { ServiceAnswers } from './service-answers';
import { ServiceViewStore } from './service-view.store';
import { ViewChanges } from './view-changes';
import { ViewReader } from './view-reader';
import { ViewReconciliation } from './view-reconciliation';
import { ViewSynchronizer } from './view-synchronizer';
import { PROJECT_MODEL, projectSchema, SERVICE_MODEL, serviceSchema } from './view.schema';

/** The view of projects, stages and services in MongoDB, kept in step with Git. */
@Module({
  imports: [
    GitModule,
    MongooseModule.forFeature([
      { name: PROJECT_MODEL, schema: projectSchema },
      { name: SERVICE_MODEL, schema: serviceSchema },
    ]),
  ],
  providers: [
    ProjectViewStore,
    ServiceViewStore,
    ServiceAnswers,
    ProjectAnswers,
    ViewChanges,
    AnswerPreparation,
    ViewReader,
    ViewReconciliation,
    ViewSynchronizer,
    OpenItemsOfServices,
  ],
  exports: [
    ProjectViewStore,
    ServiceViewStore,
    ServiceAnswers,
    ProjectAnswers,
    ViewReader,
    ViewReconciliation,
    ViewSynchronizer,
    OpenItemsOfServices,
  ],
})
export class ViewModule {}
