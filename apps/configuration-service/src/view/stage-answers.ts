import { type ExpandedStage } from '@keptn/api-models';
import { type ProjectName, type StageName } from '@keptn/event-models';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { jsonArray, type JsonText } from './json-text';
import { expandStage, type ServiceAnswer } from './expanded';
import { ServiceAnswers } from './service-answers';
import { type ProjectDocument } from './view.schema';

/** Characters that are kept; V8 takes one byte for most of them. */
const MAX_KEPT_CHARACTERS = 32 * 1024 * 1024;

interface KeptStages {
  readonly stages: readonly StageName[];
  readonly services: readonly ServiceAnswer[];
  readonly json: JsonText<ExpandedStage[]>;
}

/** All stages of projects with everything in them, ready to be sent; kept as long as no part of them is another. */
@Injectable()
export class StageAnswers {
  private readonly kept = new LRUCache<ProjectName, KeptStages>({
    maxSize: MAX_KEPT_CHARACTERS,
    sizeCalculation: ({ json }) => json.length,
  });

  constructor(private readonly answers: ServiceAnswers) {}

  /** Whether more can be read ahead of requests: half of the room is theirs. */
  get hasRoom(): boolean {
    return this.answers.hasRoom && this.kept.calculatedSize < MAX_KEPT_CHARACTERS / 2;
  }

  async ofProject({ projectName, stages }: ProjectDocument): Promise<JsonText<ExpandedStage[]>> {
    const services = await this.answers.ofProject(projectName);
    const kept = this.kept.get(projectName);
    if (kept !== undefined && areSame(kept.stages, stages) && areSame(kept.services, services)) {
      return kept.json;
    }
    const json = jsonArray(stages.map((stage) => expandStage(stage, services)));
    this.kept.set(projectName, { stages, services, json });
    return json;
  }
}

const areSame = (some: readonly unknown[], others: readonly unknown[]): boolean =>
  some.length === others.length && some.every((item, index) => item === others[index]);
