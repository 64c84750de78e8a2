import { type LoggedEvent } from '@keptn/service-kit/reacting';
import { describe, expect, it } from 'vitest';
import { storedEvaluationOf } from './stored-evaluation';

/** @param sloFileContent as an event has it, whoever sent it */
const sloTextOf = (sloFileContent: string): string => {
  const event: LoggedEvent = {
    ...{ specversion: '0.2', id: 'one', source: 'lighthouse-service', type: 'sh.keptn.events.evaluation-done' },
    ...{ time: '2020-11-05T10:00:00.000Z', data: { evaluationdetails: { sloFileContent } }, extensions: {} },
  };
  return storedEvaluationOf(event).sloText;
};

describe('the SLO file of a stored evaluation', () => {
  it.each([
    ['objectives: []', 'objectives: []'],
    ['b2JqZWN0aXZlczogW10=', 'objectives: []'],
    ['b2JqZWN0aXZlczogW10', 'b2JqZWN0aXZlczogW10'],
  ])('is base64 or text: %s', (content, text) => {
    expect(sloTextOf(content)).toBe(text);
  });

  it('may be as large as an event, and is no SLO then', () => {
    expect(sloTextOf('A'.repeat(14 * 1024 * 1024))).toHaveLength((14 * 1024 * 1024 * 3) / 4);
  });
});
