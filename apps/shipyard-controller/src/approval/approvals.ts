import { KeptnEventType } from '@keptn/event-models';
import { Injectable } from '@nestjs/common';
import { ConfigurationServiceClient } from '../control-plane/configuration-service.client';
import { ProjectFiles } from '../control-plane/project-files';
import { afterApprovalFinished } from '../decision/approval/approval-finished';
import { approvalsOf, type ApprovalState } from '../decision/approval/approval-state';
import { afterApprovalTriggered } from '../decision/approval/approval-triggered';
import { type ContextEvent, subjectOf, textOf, until } from '../decision/context-event';
import { type Decision, nothing } from '../decision/decision';
import { type Part } from '../decision/part';

/** Asks before an artefact goes into a stage, and lets it through. */
@Injectable()
export class Approvals implements Part {
  readonly name = 'approvals';
  readonly types = new Set([KeptnEventType.approvalTriggered, KeptnEventType.approvalFinished]);

  constructor(
    private readonly files: ProjectFiles,
    private readonly configuration: ConfigurationServiceClient,
  ) {}

  async decide(event: ContextEvent, all: readonly ContextEvent[]): Promise<Decision> {
    if (event.type === KeptnEventType.approvalFinished) return afterApprovalFinished(event, until(event, all));
    const shipyard = await this.files.shipyard(subjectOf(event).project);
    return 'fault' in shipyard
      ? nothing(`waits for a person: ${shipyard.fault}`)
      : afterApprovalTriggered(event, shipyard);
  }

  async project(event: ContextEvent, all: readonly ContextEvent[]): Promise<void> {
    const id = event.type === KeptnEventType.approvalTriggered ? event.id : event.triggeredid;
    const approval = approvalsOf(all).find(({ triggered }) => triggered.id === id);
    if (approval !== undefined) await this.keep(approval);
  }

  private async keep({ triggered, finished }: ApprovalState): Promise<void> {
    const subject = subjectOf(triggered);
    if (finished !== undefined) return this.configuration.closeApproval(subject, triggered.id);
    await this.configuration.openApproval(subject, {
      eventId: triggered.id,
      image: textOf(triggered, 'image'),
      keptnContext: triggered.shkeptncontext ?? '',
      tag: textOf(triggered, 'tag'),
      time: triggered.time,
    });
  }
}
