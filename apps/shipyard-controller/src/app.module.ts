import { accessGuard, auditThrough } from '@keptn/auth';
import { parseJson } from '@keptn/event-models';
import { MongodbConnectionModule } from '@keptn/mongodb-connection';
import { type ServiceDefinition } from '@keptn/service-kit';
import { EventLogModule } from '@keptn/service-kit/reacting';
import { type DynamicModule, Module } from '@nestjs/common';
import { ApprovalController } from './approval/approval.controller';
import { ApprovalService } from './approval/approval.service';
import { ControlPlaneModule } from './control-plane/control-plane.module';
import { GATEKEEPER } from './decision/decision';
import { ExplanationController } from './explanation/explanation.controller';
import { ExplanationService } from './explanation/explanation.service';
import { PartsModule } from './reaction/parts.module';
import { reactionModule } from './reaction/reaction.module';
import { RunModule } from './run/run.module';
import { type Settings, settings } from './settings';

@Module({})
class AppModule {
  static with({ MONGODB_URI }: Settings): DynamicModule {
    return {
      module: AppModule,
      imports: [
        MongodbConnectionModule.connect(MONGODB_URI),
        ControlPlaneModule,
        EventLogModule.connect(GATEKEEPER),
        reactionModule(),
        PartsModule,
        RunModule,
      ],
      controllers: [ApprovalController, ExplanationController],
      providers: [ApprovalService, ExplanationService],
    };
  }
}

/** What comes next: delivery, approvals, remediation. */
export const shipyardController: ServiceDefinition<typeof settings> = {
  name: 'shipyard-controller',
  openApi: {
    title: 'Keptn shipyard-controller',
    description: 'What comes next: delivery, approvals, remediation.',
    tags: [
      { name: 'Runs', description: 'What is under way in which stage, since when, and what it waits for' },
      { name: 'Approvals', description: 'Decisions of people on releases' },
      { name: 'Problems', description: 'What is wrong where, and what is done about it' },
      { name: 'Explanations', description: 'Why what followed from events followed' },
      { name: 'Events', description: 'What the service reacts to' },
    ],
  },
  settings,
  module: (values) => AppModule.with(values),
  guard: (values) => accessGuard(values),
  audit: auditThrough,
  parseBody: parseJson,
};
