import { notEvaluated } from '@keptn/quality-gate';
import { Metrics } from '@keptn/service-kit';
import { describe, expect, it } from 'vitest';
import { EvaluationMetrics } from './evaluation-metrics';

const subject = {
  ...{ project: 'sockshop', stage: 'staging', service: 'carts', teststrategy: '', deploymentstrategy: '' },
  ...{ start: '', end: '', labels: null },
};

const outcome = (value: number, success = true) => ({
  evaluation: {
    ...{ result: 'pass', message: 'pass', score: 75, comparedEvents: null },
    indicatorResults: [{ score: 1, value: { metric: 'time', value, success }, targets: null, status: 'info' as const }],
  },
  sloText: '',
  reasons: [],
});

describe('the metrics of evaluations', () => {
  const metrics = new Metrics('lighthouse-service');
  const evaluations = new EvaluationMetrics(metrics);
  const lines = async (): Promise<string[]> =>
    (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith('keptn_'));
  const own = 'service="lighthouse-service"';
  const service = `keptn_project="sockshop",keptn_stage="staging",keptn_service="carts"`;

  it('show the last score and values of a service', async () => {
    evaluations.ended(subject, outcome(300));
    evaluations.ended(subject, outcome(412));
    expect(await lines()).toEqual([
      `keptn_evaluations_total{result="pass",${own}} 2`,
      `keptn_evaluation_score{${service},${own}} 75`,
      `keptn_evaluation_indicator_value{${service},indicator="time",${own}} 412`,
    ]);
  });

  it('show no value where the last evaluation had none', async () => {
    evaluations.ended(subject, outcome(0, false));
    expect(await lines()).not.toContainEqual(expect.stringContaining('keptn_evaluation_indicator_value'));
  });

  it('count an evaluation without a verdict, and show nothing of its service', async () => {
    const evaluation = notEvaluated('failed', 'project nobody not found');
    evaluations.ended({ ...subject, project: 'nobody' }, { evaluation, sloText: '', reasons: [] });
    expect(await lines()).toContain(`keptn_evaluations_total{result="failed",${own}} 1`);
    expect((await lines()).join()).not.toContain('nobody');
  });

  it('forget the services that were evaluated least recently', async () => {
    for (let each = 0; each < 1_001; each++) evaluations.ended({ ...subject, service: `s${each}` }, outcome(1));
    const scores = (await lines()).filter((line) => line.startsWith('keptn_evaluation_score'));
    expect(scores).toHaveLength(1_000);
    expect(scores.join()).not.toContain(service);
  });
});
