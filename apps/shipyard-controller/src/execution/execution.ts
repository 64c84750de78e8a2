import { KeptnEventType } from '@keptn/event-models';
import { Injectable } from '@nestjs/common';
import { ProjectFiles } from '../control-plane/project-files';
import { type ContextEvent, subjectOf, until } from '../decision/context-event';
import { type Decision, nothing } from '../decision/decision';
import { afterTask } from '../decision/execution/task-finished';
import { type Part } from '../decision/part';

/** Lets receivers of events be the execution plane, without events of their own: their answers say what they have done. */
@Injectable()
export class Execution implements Part {
  readonly name = 'execution';
  readonly types = new Set([KeptnEventType.deliveryFinished]);

  constructor(private readonly files: ProjectFiles) {}

  async decide(event: ContextEvent, all: readonly ContextEvent[]): Promise<Decision> {
    const shipyard = await this.files.shipyard(subjectOf(event).project);
    if ('fault' in shipyard) return nothing(`not gone on with: ${shipyard.fault}`);
    return afterTask(event, until(event, all), shipyard);
  }
}
