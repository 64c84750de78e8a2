import { KeptnEventType } from '@keptn/event-models';
import { type IndicatorValue } from '@keptn/quality-gate';
import { Metrics, ServiceUnavailable } from '@keptn/service-kit';
import { EventLog, FollowUps, type LoggedEvent } from '@keptn/service-kit/reacting';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ControlPlaneStandIn } from '@keptn/service-kit/testing';
import { settings } from '../settings';
import { ProviderMetrics } from './provider-metrics';
import { type SliProvider, type SliRequest } from './sli-provider';
import { SliQuestionService } from './sli-question.service';

const SENDER = 'lighthouse-service';

let controlPlane: ControlPlaneStandIn;
let log: EventLog;
/** What the provider was asked, and what ends its answer. */
let requests: SliRequest[];
let answer: (request: SliRequest) => Promise<readonly IndicatorValue[]>;

const provider: SliProvider = {
  name: 'test',
  values: (request) => {
    requests.push(request);
    return answer(request);
  },
};

const found = ({ indicators }: SliRequest): readonly IndicatorValue[] =>
  indicators.map((metric) => ({ metric, value: 1, success: true }));

const logger = pino({ level: 'silent' });

const service = (): SliQuestionService =>
  new SliQuestionService(
    [provider],
    log,
    new FollowUps(SENDER, log, logger),
    new ProviderMetrics(new Metrics(SENDER)),
    settings.parse({ KEPTN_API_TOKEN: 'a-token-for-these-tests' }),
    logger,
  );

const question = (time = new Date()): LoggedEvent => ({
  ...{ specversion: '0.2', id: 'question', source: SENDER, type: KeptnEventType.getSli, time: time.toISOString() },
  data: { project: 'sockshop', sliProvider: 'test', indicators: ['a', 'b', 'a'] },
  extensions: {},
});

beforeEach(async () => {
  controlPlane = await ControlPlaneStandIn.start();
  log = new EventLog({ url: controlPlane.url, token: 'a-token-for-these-tests' });
  requests = [];
  answer = (request) => Promise.resolve(found(request));
});

afterEach(async () => {
  await log.onApplicationShutdown();
  await controlPlane.stop();
});

describe('a question', () => {
  it('is for each indicator once, and its answer is in the log when the reaction ends', async () => {
    await service().reactTo(question());
    expect(requests.map(({ indicators }) => indicators)).toEqual([['a', 'b']]);
    expect(controlPlane.events).toEqual([expect.objectContaining({ type: KeptnEventType.getSliDone })]);
  });

  it('is not asked again while it is under way, nor when its answer is in the log', async () => {
    const questions = service();
    await Promise.all([questions.reactTo(question()), questions.reactTo(question())]);
    await service().reactTo(question());
    expect(requests).toHaveLength(1);
  });

  it('goes on when it takes longer than its sender waits', async () => {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    answer = (request) => released.then(() => found(request));
    await service().reactTo(question(), 1);
    expect(controlPlane.events).toEqual([]);
    release();
    await controlPlane.stored(({ type }) => type === KeptnEventType.getSliDone);
  });

  it('is sent again when its files cannot be read, and answered without values when nobody waits any more', async () => {
    answer = () => Promise.reject(new ServiceUnavailable('configuration-service cannot be reached'));
    await expect(service().reactTo(question())).rejects.toThrow('cannot be reached');
    await service().reactTo(question(new Date(0)));
    expect(controlPlane.events[0]?.data).toMatchObject({
      indicatorValues: [
        { metric: 'a', success: false, message: 'configuration-service cannot be reached' },
        { metric: 'b', success: false },
      ],
    });
  });

  it('that ends with the service has no answer, so that it is asked again', async () => {
    const questions = service();
    let end: Promise<void> | undefined;
    answer = (request) => {
      end = questions.onModuleDestroy();
      return Promise.resolve(found(request));
    };
    await expect(questions.reactTo(question())).rejects.toThrow('shutting down');
    await end;
    expect(controlPlane.events).toEqual([]);
  });
});
