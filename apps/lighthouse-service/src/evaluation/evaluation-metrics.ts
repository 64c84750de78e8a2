import { Metrics } from '@keptn/service-kit';
import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';

/** Results that become labels of their own; a test result that is handed on may be any text. */
const RESULTS: ReadonlySet<string> = new Set(['pass', 'warning', 'fail', 'failed']);

@Injectable()
export class EvaluationMetrics {
  private readonly evaluations: Counter<'result'>;

  constructor({ registry }: Metrics) {
    this.evaluations = new Counter({
      name: 'keptn_evaluations_total',
      help: 'Evaluations that ended, by their result',
      labelNames: ['result'],
      registers: [registry],
    });
  }

  count(result: string): void {
    this.evaluations.inc({ result: RESULTS.has(result) ? result : 'other' });
  }
}
