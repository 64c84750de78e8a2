import { KeptnEventType } from '@keptn/event-models';
import { type NumberedEvent } from '@keptn/service-kit/reacting';
import { describe, expect, it } from 'vitest';
import { endOf, type Exchange, keyOf, questionOf } from './sli-answers';

let stored = 0;

const event = (id: string, end: string, more: Partial<NumberedEvent> = {}): NumberedEvent => ({
  sequence: ++stored,
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

/** @param ended questions whose evaluations have ended, just now */
const exchange = (
  questions: readonly NumberedEvent[],
  answers: readonly NumberedEvent[],
  ended: readonly NumberedEvent[] = [],
): Exchange => ({
  questions,
  answers,
  numbers: new Map([
    ...answers.map((answer): [string, number] => [keyOf(answer), answer.sequence]),
    ...ended.map((question): [string, number] => [keyOf(endOf(question)), ++stored]),
  ]),
});

describe('the question of an answer', () => {
  it('is the one of its time frame', () => {
    const answer = event('answer', '10:06');
    expect(questionOf(answer, exchange([first, second], [answer]))).toEqual({ kind: 'asked', question: second });
  });

  it('is the one that it names, if it names one', () => {
    const answer = event('answer', '10:05', { triggeredid: second.id });
    expect(questionOf(answer, exchange([first, second], [answer]))).toEqual({ kind: 'asked', question: second });
  });

  it('is, of several alike, the oldest that no earlier answer has taken', () => {
    const alike = event('a question like the first', '10:05');
    const answers = [event('one answer', '10:05'), event('another answer', '10:05')] as const;
    expect(questionOf(answers[0], exchange([first, alike], answers))).toEqual({ kind: 'asked', question: first });
    expect(questionOf(answers[1], exchange([first, alike], answers))).toEqual({ kind: 'asked', question: alike });
  });

  it('is the open one when a provider changed the spelling of the time frame', () => {
    const answer = event('answer', '10:05:00');
    expect(questionOf(answer, exchange([first], [answer]))).toEqual({ kind: 'asked', question: first });
  });

  it('is none for a second answer, and the same again for a repeat of the first', () => {
    const answers = [event('one answer', '10:05'), event('another answer', '10:05')] as const;
    expect(questionOf(answers[1], exchange([first], answers))).toEqual({ kind: 'answered before' });
    expect(questionOf(answers[0], exchange([first], answers))).toEqual({ kind: 'asked', question: first });
  });

  it('is one whose evaluation was under way when it came', () => {
    const questions = [first, event('a question like the first', '10:05', { triggeredid: 'another start' })] as const;
    const before = exchange(questions, [], [first]);
    const answer = event('answer', '10:05');
    const { numbers } = exchange(questions, [answer]);
    const after = { ...before, answers: [answer], numbers: new Map([...before.numbers, ...numbers]) };
    expect(questionOf(answer, after)).toEqual({ kind: 'asked', question: questions[1] });
    expect(questionOf(answer, before)).toEqual({ kind: 'asked', question: questions[1] });
  });

  it('stays the one that the answer has ended', () => {
    const questions = [event('one', '10:05'), event('another', '10:05')] as const;
    const answer = event('answer', '10:05');
    const after = exchange(questions, [answer], [questions[0]]);
    expect(questionOf(answer, after)).toEqual({ kind: 'asked', question: questions[0] });
  });

  it('is that of the start that it names, and any when it names what nobody knows', () => {
    const questions = [
      event('one', '10:05', { triggeredid: 'a' }),
      event('another', '10:05', { triggeredid: 'b' }),
    ] as const;
    const named = event('answer', '10:05', { triggeredid: 'b' });
    expect(questionOf(named, exchange(questions, [named]))).toEqual({ kind: 'asked', question: questions[1] });
    const strange = event('answer', '10:05', { triggeredid: 'a ticket of the provider' });
    expect(questionOf(strange, exchange(questions, [strange]))).toEqual({ kind: 'asked', question: questions[0] });
  });

  it('is none for a second answer that names the same one', () => {
    const questions = [event('one', '10:05'), event('another', '10:05')] as const;
    const answers = [1, 2].map((count) => event(`answer ${count}`, '10:05', { triggeredid: 'one' }));
    expect(answers.map((answer) => questionOf(answer, exchange(questions, answers)).kind)).toEqual([
      'asked',
      'answered before',
    ]);
  });

  it('is none where nobody asked', () => {
    expect(questionOf(event('answer', '10:05'), exchange([], []))).toEqual({ kind: 'unasked' });
  });

  it('is found also for an answer that is not in the log yet', () => {
    expect(questionOf(event('answer', '10:05'), exchange([first], []))).toEqual({ kind: 'asked', question: first });
  });
});
