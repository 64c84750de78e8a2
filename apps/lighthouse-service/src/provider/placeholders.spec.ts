import { describe, expect, it } from 'vitest';
import { withPlaceholders } from './placeholders';
import { defaultQuery } from './prometheus/default-queries';
import { insideText } from './prometheus/inside-text';
import { type SliRequest } from './sli-provider';
import { timeFrameOf } from './time-frame';

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

describe('a query', () => {
  it.each([
    ['$SERVICE-$PROJECT-$STAGE', 'carts-sockshop-staging'],
    ['$service/$project/$stage', 'carts/sockshop/staging'],
    ['rate(x[$DURATION_SECONDS])', 'rate(x[300s])'],
    ['$DEPLOYMENT', 'direct'],
    ['$handler $HANDLER', 'ItemsController ItemsController'],
    ['$LABEL.build $LABEL.build.id', '17 $SERVICE'],
    ['$other costs $5', '$other costs $5'],
  ])('%s is asked as %s', (query, asked) => {
    expect(withPlaceholders(query, request, { DURATION_SECONDS: '300s' }, insideText)).toBe(asked);
  });

  it.each([
    ['1"}[1m])) * 0 # ', String.raw`x{build="1\"}[1m])) * 0 # "}`],
    [String.raw`feature\x`, String.raw`x{build="feature\\x"}`],
    ["it's\nthis", String.raw`x{build="it\'s\nthis"}`],
  ])('holds the label %j in its text', (build, asked) => {
    const labelled = { ...request, labels: { build } };
    expect(withPlaceholders('x{build="$LABEL.build"}', labelled, {}, insideText)).toBe(asked);
  });

  it('is that of 0.7.3 where there is no file', () => {
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
});

describe('a time frame', () => {
  it.each([
    ['2020-11-05T10:00:00.000Z', '2020-11-05T10:04:59.5Z', '300s'],
    ['1604570400', '1604570700', '300s'],
  ])('from %s to %s is %s long', (start, end, duration) => {
    expect(timeFrameOf({ start, end })?.duration).toBe(duration);
  });

  it.each([
    ['', ''],
    ['yesterday', '2020-11-05T10:05:00Z'],
    ['2020-11-05T10:05:00Z', '2020-11-05T10:00:00Z'],
  ])('from "%s" to "%s" is none', (start, end) => {
    expect(timeFrameOf({ start, end })).toBeUndefined();
  });
});
