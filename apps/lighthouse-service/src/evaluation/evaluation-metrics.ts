import { type EvaluationSubject } from '@keptn/quality-gate';
import { Metrics } from '@keptn/service-kit';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Counter, Gauge } from 'prom-client';
import { type EvaluationOutcome } from './evaluation-events';

/** Results that become labels of their own; a test result that is handed on may be any text. */
const RESULTS: ReadonlySet<string> = new Set(['pass', 'warning', 'fail', 'failed']);

/** Services in stages whose last score is shown, and their indicators; the least recently evaluated give way. */
const MOST_SERVICES = 1_000;
const MOST_INDICATORS = 5_000;

type Labels = Readonly<Record<string, string>>;

/** How evaluations end, and what they last came to, for dashboards. A repeat after a crash counts again. */
@Injectable()
export class EvaluationMetrics {
  private readonly evaluations: Counter<'result'>;
  private readonly scores: LastValues;
  private readonly values: LastValues;

  constructor({ registry }: Metrics) {
    const registers = [registry];
    this.evaluations = new Counter({
      name: 'keptn_evaluations_total',
      help: 'Evaluations that ended, by their result',
      labelNames: ['result'],
      registers,
    });
    const service = ['keptn_project', 'keptn_stage', 'keptn_service'];
    this.scores = new LastValues(
      new Gauge({
        name: 'keptn_evaluation_score',
        help: 'Score of the last evaluation of a service, in percent',
        labelNames: service,
        registers,
      }),
      MOST_SERVICES,
    );
    this.values = new LastValues(
      new Gauge({
        name: 'keptn_evaluation_indicator_value',
        help: 'Value of an indicator in the last evaluation of a service',
        labelNames: [...service, 'indicator'],
        registers,
      }),
      MOST_INDICATORS,
    );
  }

  /** An evaluation has ended, with a verdict or without. */
  ended({ project, stage, service }: EvaluationSubject, { evaluation }: EvaluationOutcome): void {
    const { result, score, indicatorResults } = evaluation;
    this.evaluations.inc({ result: RESULTS.has(result) ? result : 'other' });
    // Only of a service with an SLO file: names that somebody made up do not become labels.
    if (indicatorResults === null) return;
    // The label `service` says which service has measured.
    const labels = { keptn_project: project, keptn_stage: stage, keptn_service: service };
    this.scores.set(labels, score);
    for (const { value } of indicatorResults) {
      const indicator = { ...labels, indicator: value.metric };
      if (value.success) this.values.set(indicator, value.value);
      else this.values.remove(indicator);
    }
  }
}

/** A gauge with a bounded number of series. */
class LastValues {
  private readonly known: LRUCache<string, Labels>;

  constructor(
    private readonly gauge: Gauge,
    most: number,
  ) {
    this.known = new LRUCache<string, Labels>({
      max: most,
      dispose: (labels, _key, reason) => {
        if (reason !== 'set') gauge.remove(labels);
      },
    });
  }

  set(labels: Labels, value: number): void {
    this.known.set(JSON.stringify(labels), labels);
    this.gauge.set(labels, value);
  }

  remove(labels: Labels): void {
    this.known.delete(JSON.stringify(labels));
  }
}
