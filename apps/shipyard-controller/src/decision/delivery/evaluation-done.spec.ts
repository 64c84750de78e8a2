import { KeptnEventType, parseShipyard } from '@keptn/event-models';
import { describe, expect, it } from 'vitest';
import { type ContextEvent } from '../context-event';
import { EventBuilder, shipyardWith } from '../event-builder';
import { afterEvaluation, type Chart, needsChart, situationOf } from './evaluation-done';

const CHART: Chart = { image: 'carts:1' };

interface Case {
  readonly shipyard?: ReturnType<typeof shipyardWith>;
  readonly earlier?: readonly ContextEvent[];
  readonly chart?: Chart;
}

function decide(evaluation: ContextEvent, { shipyard = shipyardWith(), earlier = [], chart = CHART }: Case = {}) {
  return afterEvaluation(evaluation, situationOf(evaluation, [...earlier, evaluation], shipyard), chart);
}

/** What follows, without what is the same everywhere. */
function followsOf(evaluation: ContextEvent, given: Case = {}) {
  return decide(evaluation, given).follows.map(
    ({ type, data: { project: _p, service: _s, decision: _d, ...data } }) => ({
      type,
      ...data,
    }),
  );
}

const promote = (stage: string) => ({
  type: KeptnEventType.configurationChange,
  stage,
  canary: { action: 'promote' },
  labels: null,
});
const deploy = (stage: string, image?: string) => ({
  type: KeptnEventType.configurationChange,
  stage,
  ...(image !== undefined && { valuesCanary: { image } }),
  canary: { action: 'set', value: 100 },
  labels: null,
});

describe('a verdict', () => {
  it.each(['pass', 'warning'])('of %s asks for approval where the next stage has an approval_strategy', (result) => {
    const verdict = new EventBuilder().evaluated(result);
    expect(followsOf(verdict)).toEqual([
      promote('dev'),
      {
        type: KeptnEventType.approvalTriggered,
        stage: 'staging',
        teststrategy: 'functional',
        deploymentstrategy: 'direct',
        image: 'carts',
        tag: '1',
        labels: null,
        result,
      },
    ]);
  });

  it('deploys into a next stage without approval_strategy', () => {
    const verdict = new EventBuilder().evaluated('pass', { stage: 'staging' });
    expect(followsOf(verdict)).toEqual([promote('staging'), deploy('production', 'carts:1')]);
  });

  it.each(['production', 'elsewhere'])('on %s, after which no stage comes, promotes the canary', (stage) => {
    expect(followsOf(new EventBuilder().evaluated('pass', { stage }))).toEqual([promote(stage)]);
  });

  it('leads nowhere when the next stage has no deployment_strategy, and says so', () => {
    const shipyard = shipyardWith('test_strategy: performance');
    const verdict = new EventBuilder().evaluated('pass', { stage: 'staging' });
    expect(decide(verdict, { shipyard })).toEqual({
      follows: [],
      because: 'not promoted: production has no deployment_strategy',
    });
  });

  it.each(['fail', 'failed', ''])('of "%s" discards a canary, and nothing else', (result) => {
    const builder = new EventBuilder();
    const blueGreen = builder.evaluated(result, { deploymentstrategy: 'Blue_Green_Service' });
    expect(followsOf(blueGreen)).toMatchObject([{ stage: 'dev', canary: { action: 'discard' } }]);
    expect(followsOf(builder.evaluated(result))).toEqual([]);
  });

  it('copies labels that are text, and says why', () => {
    const verdict = new EventBuilder().evaluated('pass', { stage: 'production', labels: { build: '17', odd: 1 } });
    const [followUp] = decide(verdict).follows;
    expect(followUp?.data).toMatchObject({
      labels: { build: '17' },
      decision: { cause: verdict.id, because: 'the evaluation of production is pass; no stage comes after it' },
    });
    expect(followUp?.sender).toBe('gatekeeper-service');
  });

  it('of a remediation is left to the remediation', () => {
    expect(followsOf(new EventBuilder().evaluated('pass', { teststrategy: 'real-user' }))).toEqual([]);
  });

  it('waits for sequences to be run where the shipyard has them', () => {
    const shipyard = parseShipyard(
      'apiVersion: spec.keptn.sh/0.2.2\nspec:\n  stages:\n    - name: dev\n      sequences:\n        - name: delivery\n          tasks: [{ name: test }]\n',
    );
    expect(decide(new EventBuilder().evaluated('pass'), { shipyard }).because).toBe(
      'not promoted: the shipyard of spec.keptn.sh/0.2.2 has sequences, which are not run yet',
    );
  });
});

describe('the artifact', () => {
  const artifact = (earlier: readonly ContextEvent[], builder: EventBuilder, chart: Chart = { image: 'newer:9' }) =>
    followsOf(builder.evaluated('pass', { stage: 'staging' }), { earlier, chart })[1];
  const staging = { stage: 'staging' };

  it.each([
    ['with the port of a registry, which helm-service cuts off', 'registry:5000/carts:1', 'registry', '5000/carts'],
    ['by digest', 'carts@sha256:0a1b', 'carts@sha256', '0a1b'],
    ['without a tag', 'carts', 'carts', ''],
  ])('%s is the one that was wanted', (_what, image, reported, tag) => {
    const builder = new EventBuilder();
    const earlier = [builder.wanted(image, staging), builder.deployed({ ...staging, image: reported, tag })];
    expect(artifact(earlier, builder)).toEqual(deploy('production', image.includes(':') ? image : `${image}:latest`));
  });

  it('is the one that was deployed, not what Git holds by now', () => {
    const builder = new EventBuilder();
    expect(artifact([builder.deployed({ ...staging, image: 'carts', tag: '1' })], builder)).toEqual(
      deploy('production', 'carts:1'),
    );
  });

  it('without any image in the context is that of the chart', () => {
    const builder = new EventBuilder();
    const verdict = builder.evaluated('pass', staging);
    expect(needsChart(verdict, situationOf(verdict, [verdict], shipyardWith()))).toBe(true);
    expect(artifact([], builder)).toEqual(deploy('production', 'newer:9'));
  });

  it('of a deployment without image and chart is left to the stage', () => {
    const builder = new EventBuilder();
    expect(artifact([builder.deployed({ ...staging, image: '', tag: '' })], builder, 'absent')).toEqual(
      deploy('production'),
    );
  });

  it('is missing where nothing was deployed', () => {
    expect(decide(new EventBuilder().evaluated('pass'), { chart: 'absent' })).toEqual({
      follows: [],
      because: 'not promoted: nothing says what is deployed: dev has neither a deployment-finished nor a chart',
    });
  });

  it('of two that overlap in one context is the one that the tests ran on', () => {
    const builder = new EventBuilder();
    const first = builder.deployed({ ...staging, tag: '1' });
    const second = builder.deployed({ ...staging, tag: '2' });
    const frame = { start: '2020-11-05T10:00:30Z', end: '2020-11-05T10:03:00Z' };
    const later = { start: '2020-11-05T10:01:30Z', end: '2020-11-05T10:03:30Z' };
    const tests = [builder.tested({ ...staging, ...later }), builder.tested({ ...staging, ...frame })];
    const verdict = (times: { start: string; end: string }) =>
      builder.evaluated('pass', { ...staging, evaluationdetails: { timeStart: times.start, timeEnd: times.end } });
    const earlier = [first, second, ...tests];
    expect(followsOf(verdict(frame), { earlier })[1]).toEqual(deploy('production', 'carts:1'));
    expect(followsOf(verdict(later), { earlier })[1]).toEqual(deploy('production', 'carts:2'));
  });
});

describe('an evaluation that is no verdict on a deployment', () => {
  it('is one that was started by hand', () => {
    const builder = new EventBuilder();
    const earlier = [builder.event(KeptnEventType.startEvaluation, { data: { teststrategy: 'functional' } })];
    const because =
      'not promoted: the evaluation was started by hand; with the label promote=true, or manual_evaluation: promote of its stage, it would promote';
    expect(decide(builder.evaluated('pass'), { earlier }).because).toBe(because);
    expect(decide(builder.evaluated('pass', { teststrategy: 'manual' })).because).toBe(because);
  });

  it('promotes when its label says so', () => {
    const verdict = new EventBuilder().evaluated('pass', {
      stage: 'staging',
      teststrategy: 'manual',
      labels: { promote: 'true' },
    });
    expect(decide(verdict).follows).toHaveLength(2);
  });

  it('promotes when the shipyard says so for its stage', () => {
    const shipyard = shipyardWith('deployment_strategy: direct\n    manual_evaluation: promote');
    const verdict = (stage: string) => new EventBuilder().evaluated('pass', { stage, teststrategy: 'manual' });
    expect(decide(verdict('production'), { shipyard }).follows).toHaveLength(1);
    expect(decide(verdict('dev'), { shipyard }).follows).toEqual([]);
  });

  it('is a second one of the same deployment', () => {
    const builder = new EventBuilder();
    const earlier = [builder.deployed(), builder.tested(), builder.evaluated('fail')];
    expect(decide(builder.evaluated('pass'), { earlier }).because).toBe(
      'not promoted: the deployment was judged before, by evaluation-done event-2',
    );
  });
});
