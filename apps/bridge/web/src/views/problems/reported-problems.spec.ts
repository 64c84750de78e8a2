import { describe, expect, it } from 'vitest';
import { type LoggedEvent, toLoggedEvent } from '../../api/logged-event';
import { reportedProblems } from './reported-problems';

const PLACE = { project: 'sockshop', stage: 'production', service: 'carts' };

const event = (time: string, data: object): LoggedEvent =>
  toLoggedEvent({ type: 'sh.keptn.event.problem.open', time, data: { ...PLACE, ...data } });

const OPENED = event('10:00', { State: 'OPEN', ProblemTitle: 'slow', ProblemURL: 'https://monitoring.example/17' });
const CLOSED = event('11:00', { State: 'RESOLVED' });
const REOPENED = event('12:00', { State: 'OPEN', ProblemTitle: 'slow again' });

describe('the problem of a service', () => {
  it('is what was reported, until it is closed', () => {
    const fields = { ProblemTitle: 'slow', ProblemURL: 'https://monitoring.example/17' };
    expect(reportedProblems([OPENED])).toEqual([{ ...PLACE, isOpen: true, openedAt: '10:00', fields }]);
    expect(reportedProblems([OPENED, CLOSED])).toEqual([{ ...PLACE, isOpen: false, openedAt: '10:00', fields }]);
  });

  it('is open when it is reported again, with what is said of it by then', () => {
    const fields = { ProblemTitle: 'slow again', ProblemURL: 'https://monitoring.example/17' };
    expect(reportedProblems([OPENED, CLOSED, REOPENED])).toEqual([
      { ...PLACE, isOpen: true, openedAt: '12:00', fields },
    ]);
  });

  it('is not closed by the end of another one', () => {
    const elsewhere = event('11:00', { State: 'CLOSED', service: 'orders' });
    const problems = reportedProblems([OPENED, elsewhere]);
    expect(problems.map(({ service, isOpen }) => [service, isOpen])).toEqual([
      ['carts', true],
      ['orders', false],
    ]);
  });

  it('is none of a run in which none is reported', () => {
    expect(reportedProblems([toLoggedEvent({ type: 'sh.keptn.event.action.finished' })])).toEqual([]);
  });
});
