import { describe, expect, it } from 'vitest';
import { indicatorOf } from './http-indicator';

const urlWith = (team: string): string => {
  const names = { project: 'sockshop', stage: 'staging', service: 'carts', deployment: 'direct', filters: [] };
  const request = { ...names, provider: 'http', teststrategy: '', deploymentstrategy: '', start: '', end: '' };
  const frame = { start: 1_604_570_400, end: 1_604_570_700, duration: '300s' };
  const entry = { url: 'https://metrics.example.com/projects/$LABEL.team/errors', value: '$.value' };
  return indicatorOf('errors', entry, { ...request, labels: { team }, indicators: ['errors'] }, frame).url.href;
};

describe('the URL of an indicator', () => {
  it('holds labels as parts of itself', () => {
    expect(urlWith('a/b?c#d')).toBe('https://metrics.example.com/projects/a%2Fb%3Fc%23d/errors');
  });

  it.each(['.', '..'])('is not led elsewhere by the label %s', (team) => {
    expect(() => urlWith(team)).toThrow(`no URL can hold the value ${team}`);
  });
});
