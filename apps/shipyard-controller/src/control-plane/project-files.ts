import {
  InvalidRemediation,
  InvalidShipyard,
  parseRemediation,
  parseShipyard,
  type Shipyard,
} from '@keptn/event-models';
import { Injectable } from '@nestjs/common';
import { type Subject } from '../decision/context-event';
import { type Chart } from '../decision/delivery/evaluation-done';
import {
  NO_FILE,
  OTHER_VERSION,
  type RemediationPlan,
  UNREADABLE_FILE,
} from '../decision/remediation/remediation-step';
import { imageOfChart } from './chart-image';
import { ConfigurationServiceClient } from './configuration-service.client';

/** Why a project has no shipyard to decide by. */
export interface NoShipyard {
  readonly fault: string;
}

/**
 * The files of a project that decisions are made by, read for each decision, so that a change acts at once. What is proven to be
 * missing or wrong is a result; everything throws ServiceError when configuration-service cannot be asked.
 */
@Injectable()
export class ProjectFiles {
  constructor(private readonly configuration: ConfigurationServiceClient) {}

  async shipyard(project: string): Promise<Shipyard | NoShipyard> {
    if (project === '') return { fault: 'the event names no project' };
    const content = await this.configuration.content({ project }, 'shipyard.yaml');
    if (content === undefined) return { fault: `project ${project} has no shipyard.yaml` };
    try {
      return parseShipyard(content.toString('utf8'));
    } catch (error) {
      if (!(error instanceof InvalidShipyard)) throw error;
      return { fault: `shipyard.yaml of ${project} is not valid: ${error.message}` };
    }
  }

  async chart(subject: Subject): Promise<Chart> {
    if (subject.service === '' || subject.stage === '') return 'absent';
    const archive = await this.configuration.content(subject, `helm/${subject.service}.tgz`);
    return archive === undefined ? 'absent' : imageOfChart(archive);
  }

  async remediationPlan({ project, stage, service }: Subject): Promise<RemediationPlan> {
    // A problem without a service belongs to its stage.
    const scope = service === '' ? { project, stage } : { project, stage, service };
    const content = await this.configuration.content(scope, 'remediation.yaml');
    if (content === undefined) return { fault: NO_FILE };
    try {
      return { entries: parseRemediation(content.toString('utf8')) };
    } catch (error) {
      if (!(error instanceof InvalidRemediation)) throw error;
      return { fault: error.kind === 'version' ? OTHER_VERSION : UNREADABLE_FILE };
    }
  }
}
