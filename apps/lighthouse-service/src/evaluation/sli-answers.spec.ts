import { KeptnEventType } from '@keptn/event-models';
import { type LoggedEvent } from '@keptn/service-kit/reacting';
import { describe, expect, it } from 'vitest';
import { questionOf } from './sli-answers';

const event = (id: string, end: string, more: Partial<LoggedEvent> = {}): LoggedEvent => ({
  specversion: '0.2',
  id,
  source: 'https://example.com/a-test',
  type: KeptnEventType.getSliDone,
  time: '2020-11-05T10:05:00.000Z',
  data: { project: 'sockshop', stage: 'staging', service: 'carts', start: '10:00', end },
  extensions: {},
  ...more,
});

const first = event('first question', '10:05');
const second = event('second question', '10:06');

describe('the question of an answer', () => {
  it('is the one of its time frame', () => {
    const answer = event('answer', '10:06');
    expect(questionOf(answer, [first, second], [answer])).toEqual({ kind: 'asked', question: second });
  });

  it('is the one that it names, if it names one', () => {
    const answer = event('answer', '10:05', { triggeredid: second.id });
    expect(questionOf(answer, [first, second], [answer])).toEqual({ kind: 'asked', question: second });
  });

  it('is, of several alike, the oldest that no earlier answer has taken', () => {
    const alike = event('a question like the first', '10:05');
    const answers = [event('one answer', '10:05'), event('another answer', '10:05')] as const;
    expect(questionOf(answers[0], [first, alike], answers)).toEqual({ kind: 'asked', question: first });
    expect(questionOf(answers[1], [first, alike], answers)).toEqual({ kind: 'asked', question: alike });
  });

  it('is the open one when a provider changed the spelling of the time frame', () => {
    const answer = event('answer', '10:05:00');
    expect(questionOf(answer, [first], [answer])).toEqual({ kind: 'asked', question: first });
  });

  it('is none for a second answer, and the same again for a repeat of the first', () => {
    const answers = [event('one answer', '10:05'), event('another answer', '10:05')] as const;
    expect(questionOf(answers[1], [first], answers)).toEqual({ kind: 'answered before' });
    expect(questionOf(answers[0], [first], answers)).toEqual({ kind: 'asked', question: first });
  });

  it('is none where nobody asked', () => {
    expect(questionOf(event('answer', '10:05'), [], [])).toEqual({ kind: 'unasked' });
  });

  it('is found also for an answer that is not in the log yet', () => {
    expect(questionOf(event('answer', '10:05'), [first], [])).toEqual({ kind: 'asked', question: first });
  });
});
