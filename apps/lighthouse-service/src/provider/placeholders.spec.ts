import { describe, expect, it } from 'vitest';
import { NoValue } from './no-value';
import { withPlaceholders } from './placeholders';
import { defaultQuery } from './prometheus/default-queries';
import { type SliRequest } from './sli-provider';

const request: SliRequest = {
  provider: 'prometheus',
  project: 'sockshop',
  stage: 'staging',
  service: 'carts',
  teststrategy: 'performance',
  deploymentstrategy: 'direct',
  deployment: 'direct',
  start: '2020-11-05T10:00:00.000Z',
  end: '2020-11-05T10:05:00.000Z',
  labels: { build: '17', 'build.id': '$SERVICE' },
  indicators: [],
  filters: [
    { key: 'handler', value: "'ItemsController'" },
    { key: 'status', value: "!~'5..'" },
  ],
};

/** A value as it is. */
const filled = (template: string, labels: SliRequest['labels'] = request.labels): string =>
  withPlaceholders(template, { ...request, labels }, { DURATION_SECONDS: '300s' }, (value) => value);

describe('a template', () => {
  it.each([
    ['$SERVICE-$PROJECT-$STAGE', 'carts-sockshop-staging'],
    ['$service/$project/$stage', 'carts/sockshop/staging'],
    ['rate(x[$DURATION_SECONDS])', 'rate(x[300s])'],
    ['$DEPLOYMENT', 'direct'],
    ['http_$SERVICE_total', 'http_carts_total'],
    ['$handler $HANDLER', 'ItemsController ItemsController'],
    ['$LABEL.build $LABEL.build.id.', '17 $SERVICE.'],
    ['$LABEL.build/$LABEL.build-$LABEL.build', '17/17-17'],
    ['$other costs $5', '$other costs $5'],
  ])('%s becomes %s', (template, becomes) => {
    expect(filled(template)).toBe(becomes);
  });

  it.each(['$LABEL.branch', '$LABEL.b.x', '$LABEL.b-x', '$LABEL.bé'])(
    'has no value for %s when there is only b',
    (label) => {
      const name = label.slice('$LABEL.'.length);
      expect(() => filled(label, { b: 'x' })).toThrow(`the evaluation has no label ${name}`);
      expect(() => filled(label, null)).toThrow(NoValue);
    },
  );

  it('has no value for a label that begins with the name of a filter', () => {
    const filters = [{ key: 'l', value: '1' }];
    expect(() => withPlaceholders('$LABEL.b', { ...request, filters }, {}, String)).toThrow('has no label b');
  });
});

describe('a query without a file', () => {
  it('is that of 0.7.3', () => {
    const selector = "job='carts-sockshop-staging-canary',handler='ItemsController',status!~'5..'";
    expect(defaultQuery('throughput', request, '300s')).toBe(`sum(rate(http_requests_total{${selector}}[300s]))`);
    expect(defaultQuery('error_rate', request, '300s')).toBe(
      `sum(rate(http_requests_total{${selector},status!~'2..'}[300s]))/sum(rate(http_requests_total{${selector}}[300s]))`,
    );
    expect(defaultQuery('response_time_p95', request, '300s')).toBe(
      `histogram_quantile(0.95, sum(rate(http_response_time_milliseconds_bucket{${selector}}[300s])) by (le))`,
    );
    expect(defaultQuery('memory', request, '300s')).toBeUndefined();
  });

  it.each([
    ["a=~'.*'}[5m])) or sum(rate(x{b", 'v', 'is no label of Prometheus'],
    ['handler', '=~\\', 'cannot stand in a text of PromQL'],
    ['handler', 'a\nb', 'cannot stand in a text of PromQL'],
  ])('is not made of the filter %j: %j', (key, value, reason) => {
    expect(() => defaultQuery('throughput', { ...request, filters: [{ key, value }] }, '300s')).toThrow(reason);
  });
});
