import { KeptnEventType } from '@keptn/event-models';
import { Injectable } from '@nestjs/common';
import { ProjectFiles } from '../control-plane/project-files';
import { type ContextEvent, subjectOf, until } from '../decision/context-event';
import { type Decision, nothing } from '../decision/decision';
import { afterEvaluation, needsChart, situationOf } from '../decision/delivery/evaluation-done';
import { type Part } from '../decision/part';

/** Takes an artifact from stage to stage. */
@Injectable()
export class Delivery implements Part {
  readonly name = 'delivery';
  readonly types = new Set([KeptnEventType.evaluationDone]);

  constructor(private readonly files: ProjectFiles) {}

  async decide(event: ContextEvent, all: readonly ContextEvent[]): Promise<Decision> {
    const shipyard = await this.files.shipyard(subjectOf(event).project);
    if ('fault' in shipyard) return nothing(`not promoted: ${shipyard.fault}`);
    const situation = situationOf(event, until(event, all), shipyard);
    const chart = needsChart(event, situation) ? await this.files.chart(subjectOf(event)) : 'absent';
    return afterEvaluation(event, situation, chart);
  }
}
