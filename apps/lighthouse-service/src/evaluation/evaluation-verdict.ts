import { type JsonValue } from '@keptn/event-models';
import {
  evaluate,
  type EvaluationSubject,
  explain,
  indicatorValuesOf,
  notEvaluated,
  withFailedTests,
} from '@keptn/quality-gate';
import { Injectable } from '@nestjs/common';
import { type SloFile } from '../control-plane/slo-file';
import { type EvaluationOutcome } from './evaluation-events';
import { EvaluationHistory } from './evaluation-history';

/** What an evaluation is made from. */
export interface EvaluationInput {
  readonly subject: EvaluationSubject;
  readonly keptnContext: string | undefined;
  readonly file: SloFile;
  /** `indicatorValues` as an event has them. */
  readonly values: JsonValue | undefined;
}

/** Compares values with objectives and with what the log knows of earlier evaluations. */
@Injectable()
export class EvaluationVerdict {
  constructor(private readonly history: EvaluationHistory) {}

  /** @throws ServiceError when the log cannot be asked */
  async of({ subject, keptnContext, file, values }: EvaluationInput): Promise<EvaluationOutcome> {
    if (file.kind !== 'found') return withoutSlo(file, subject);
    const { slo, text: sloText } = file;
    const [earlier, testsFailed] = await Promise.all([
      this.history.earlierResults(subject, slo.comparison),
      this.history.testsFailed(keptnContext, subject),
    ]);
    const input = { slo, values: indicatorValuesOf(values), earlier };
    const explained = { evaluation: evaluate(input), reasons: explain(input) };
    return { ...(testsFailed ? withFailedTests(explained) : explained), sloText };
  }
}

function withoutSlo(file: Exclude<SloFile, { kind: 'found' }>, subject: EvaluationSubject): EvaluationOutcome {
  const { project, stage, service } = subject;
  switch (file.kind) {
    case 'none': {
      const message = `no evaluation performed by lighthouse because no SLO file configured for project ${project}`;
      return { evaluation: notEvaluated('pass', message), sloText: '', reasons: [message] };
    }
    case 'invalid': {
      const message = `Could not parse SLO file for service ${service} in stage ${stage} in project ${project}`;
      const reasons = [`failed: slo.yaml, ${file.reason}`];
      return { evaluation: notEvaluated('failed', message), sloText: '', reasons };
    }
    case 'unknown':
      return { evaluation: notEvaluated('failed', file.message), sloText: '', reasons: [file.reason] };
  }
}
