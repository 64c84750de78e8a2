import { isJsonObject, KeptnEventType } from '@keptn/event-models';
import { Module } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { commonSettings, type RunningService, type ServiceDefinition, startService } from '../src/index';
import {
  EventLogModule,
  EventRefused,
  followUpId,
  type LoggedEvent,
  ReactingModule,
  type ReactionGroup,
  type Reaction,
  reactingSettings,
} from '../src/reacting/index';
import { tokenSetting } from '../src/settings/settings';
import { LogStandIn } from './log-stand-in';

const reactedTo: string[] = [];

/** Ids of the events of each group that has ended. */
const groups: string[][] = [];
let failureAtEnd: Error | undefined;

const answer: Reaction = (event: LoggedEvent) => {
  if (!isJsonObject(event.data)) throw new EventRefused('data in body must be an object');
  reactedTo.push(event.id);
  const data = { service: 'answered' };
  return [{ cause: event, kind: 'answer', type: KeptnEventType.actionStarted, data, triggeredid: event.id }];
};

function beginGroup(): ReactionGroup {
  const group: string[] = [];
  return {
    react: (event) => {
      group.push(event.id);
      return answer(event);
    },
    end: () => {
      if (failureAtEnd !== undefined) return Promise.reject(failureAtEnd);
      groups.push(group);
      return Promise.resolve();
    },
  };
}

@Module({
  imports: [
    EventLogModule.connect('answering-service'),
    ReactingModule.withGroups({
      inject: [],
      useFactory: () => ({ types: new Set(['com.example.question']), begin: beginGroup }),
    }),
  ],
})
class AnsweringModule {}

const settings = commonSettings.extend({ ...reactingSettings, KEPTN_API_TOKEN: tokenSetting });
const answeringService: ServiceDefinition<typeof settings> = {
  name: 'answering-service',
  settings,
  openApi: { title: 'Answers', description: 'Reacts to questions', tags: [] },
  module: () => AnsweringModule,
};

let log: LogStandIn;
let service: RunningService;

beforeAll(async () => {
  log = await LogStandIn.start();
  service = await startService(answeringService, {
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'silent',
    KEPTN_API_TOKEN: 'a-token-for-these-tests',
    MONGODB_DATASTORE_URL: log.url,
  });
});

beforeEach(() => {
  log.stored.length = 0;
  log.refusal = undefined;
  reactedTo.length = 0;
  groups.length = 0;
  failureAtEnd = undefined;
});

afterAll(async () => {
  await service.close();
  await log.stop();
});

const post = (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${service.url}/`, {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents+json', ...headers },
    body: JSON.stringify(body),
  });

const question = (id: string, more: object = {}): Record<string, unknown> => ({
  specversion: '0.2',
  id,
  type: 'com.example.question',
  source: 'https://example.com/asker',
  contenttype: 'application/json',
  shkeptncontext: 'a3e5f16d-8888-4720-82c7-6995062905c1',
  data: { project: 'sockshop' },
  ...more,
});

describe('a service that reacts to events', () => {
  it('answers 202 once what follows is in the log, in the form of Keptn 0.7 and with an id derived from the cause', async () => {
    expect((await post(question('one'))).status).toBe(202);
    expect(log.stored).toEqual([
      {
        specversion: '0.2',
        id: followUpId('answering-service', { id: 'one', source: 'https://example.com/asker' }, 'answer'),
        source: 'answering-service',
        type: KeptnEventType.actionStarted,
        contenttype: 'application/json',
        shkeptncontext: 'a3e5f16d-8888-4720-82c7-6995062905c1',
        triggeredid: 'one',
        data: { service: 'answered' },
      },
    ]);
  });

  it.each([
    ['structured 0.2', () => post(question('form'))],
    ['structured 1.0', () => post({ ...question('form'), specversion: '1.0' })],
    ['a batch', () => post([question('form')], { 'content-type': 'application/cloudevents-batch+json' })],
    [
      'binary 1.0',
      () =>
        post(
          { project: 'sockshop' },
          {
            'content-type': 'application/json',
            'ce-specversion': '1.0',
            'ce-id': 'form',
            'ce-type': 'com.example.question',
            'ce-source': 'https://example.com/asker',
            'ce-shkeptncontext': 'a3e5f16d-8888-4720-82c7-6995062905c1',
          },
        ),
    ],
  ])('takes %s, and stores what follows once, however often the event comes', async (_form, send) => {
    expect((await send()).status).toBe(202);
    expect((await send()).status).toBe(202);
    expect(log.stored).toHaveLength(1);
  });

  it('accepts and passes over other types', async () => {
    expect((await post(question('other', { type: 'com.example.remark' }))).status).toBe(202);
    expect(log.stored).toEqual([]);
  });

  it('asks for an event again while the log is away or refuses for a passing reason', async () => {
    log.refusal = { status: 503, reason: 'DATABASE_UNAVAILABLE' };
    expect((await post(question('again'))).status).toBe(503);
    log.refusal = { status: 400, reason: 'INVALID_REQUEST' };
    expect((await post(question('again'))).status).toBe(503);
    log.refusal = undefined;
    expect((await post(question('again'))).status).toBe(202);
    expect(log.stored).toHaveLength(1);
  });

  it.each(['EVENT_EXISTS', 'PROJECT_DELETED'])('is done when the log refuses for good: %s', async (reason) => {
    log.refusal = { status: 409, reason };
    expect((await post(question('done'))).status).toBe(202);
  });

  it('refuses with 400 what is no event, has no id, or cannot be understood', async () => {
    for (const body of [{}, question('', {}), question('text', { data: 'text' })]) {
      const answer = await post(body);
      expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ reason: 'INVALID_EVENT' })]);
    }
  });

  it('skips such events of a batch and keeps the order within a Keptn context', async () => {
    const batch = [question('first'), question('text', { data: 'text' }), {}, question('second'), question('third')];
    expect((await post(batch, { 'content-type': 'application/cloudevents-batch+json' })).status).toBe(202);
    expect(reactedTo).toEqual(['first', 'second', 'third']);
  });

  it('learns which events of a context came together, and has all of them sent again when it fails at their end', async () => {
    const batch = [question('one'), question('elsewhere', { shkeptncontext: 'another' }), question('two')];
    const send = () => post(batch, { 'content-type': 'application/cloudevents-batch+json' });
    failureAtEnd = new Error('the view is away');
    expect((await send()).status).toBe(500);
    failureAtEnd = undefined;
    expect((await send()).status).toBe(202);
    expect(groups).toEqual(expect.arrayContaining([['one', 'two'], ['elsewhere']]));
    expect(log.stored).toHaveLength(3);
  });
});
