import { type JsonObject, KeptnEventType, parseRemediation, parseShipyard } from '@keptn/event-models';
import { describe, expect, it } from 'vitest';
import { type ContextEvent, until } from '../context-event';
import { type Decision } from '../decision';
import { EventBuilder } from '../event-builder';
import { afterProblem, afterRemediationTriggered } from './problem-open';
import { afterDeadline, afterRemediationEvent, hasDeadline, remediationDeadline } from './remediation-progress';
import { remediationRuns } from './remediation-run';
import { originOf, type RemediationPlan } from './remediation-step';

const SHIPYARD = parseShipyard(
  'stages:\n  - name: dev\n    deployment_strategy: blue_green_service\n    remediation_strategy: automated\n  - name: staging\n',
);
const PLAN: RemediationPlan = {
  entries: parseRemediation(`
apiVersion: spec.keptn.sh/0.1.4
spec:
  remediations:
    - problemType: Response time
      actionsOnOpen:
        - { action: scaling, name: Scale up, value: "1", waitTime: 2m }
        - { action: toggle-feature, value: { promotion: 'off' } }
    - problemType: default
      actionsOnOpen:
        - { action: restart }
        - { action: escalate }
`),
};
const TIMES = { wait: 600_000, provider: 300_000, action: 3_600_000 };
const PROBLEM = {
  State: 'OPEN',
  PID: '17',
  ProblemID: 'P-17',
  ProblemTitle: 'Response time degradation',
  labels: { build: '1' },
};

/** A context whose events are decided about as they come, and whose follow-ups are part of it. */
class Play {
  readonly events: ContextEvent[] = [];
  private readonly builder = new EventBuilder();

  constructor(private readonly plan: RemediationPlan = PLAN) {}

  /** The types of what follows, and why. */
  happens(type: KeptnEventType, data: JsonObject = {}, triggeredid?: string): Decision {
    const event = this.builder.event(type, { data, ...(triggeredid && { triggeredid }) });
    this.events.push(event);
    // The event that is reacted to and the one in the log are read apart.
    return this.follow(this.decide({ ...event }));
  }

  timeIsUp(): Decision {
    const [deadline] = this.deadlines;
    if (deadline === undefined) throw new Error('no time limit runs');
    return this.follow(afterDeadline(deadline, this.plan, SHIPYARD));
  }

  get deadline() {
    return this.deadlines[0]?.at.toISOString();
  }

  last(type: KeptnEventType): ContextEvent {
    const found = this.events.findLast((event) => event.type === type);
    if (found === undefined) throw new Error(`no ${type}`);
    return found;
  }

  acted(action: JsonObject = { status: 'succeeded', result: 'pass' }): Decision {
    return this.happens(KeptnEventType.actionFinished, { action }, this.last(KeptnEventType.actionTriggered).id);
  }

  evaluated(result: string): Decision {
    return this.happens(KeptnEventType.evaluationDone, { teststrategy: 'real-user', result });
  }

  count(type: KeptnEventType): number {
    return this.events.filter((event) => event.type === type).length;
  }

  private get deadlines() {
    return remediationRuns(this.events)
      .filter(hasDeadline)
      .map((run) => remediationDeadline(run, this.plan, TIMES));
  }

  private decide(event: ContextEvent): Decision {
    const { plan, events } = this;
    if (event.type === KeptnEventType.problemOpen || event.type === KeptnEventType.problem) {
      return afterProblem(event, { shipyard: SHIPYARD, events, plan });
    }
    if (event.type === KeptnEventType.remediationTriggered) return afterRemediationTriggered(originOf(event), plan);
    return afterRemediationEvent(event, until(event, events), plan);
  }

  private follow(decision: Decision): Decision {
    for (const { type, data, triggeredid } of decision.follows) this.happens(type, data, triggeredid);
    return decision;
  }
}

function opened(problem: JsonObject = {}, plan?: RemediationPlan): Play {
  const play = new Play(plan);
  play.happens(KeptnEventType.problemOpen, { ...PROBLEM, ...problem });
  return play;
}

const end = (play: Play) => (play.last(KeptnEventType.remediationFinished).data as JsonObject)['remediation'];
const action = (play: Play) =>
  ((play.last(KeptnEventType.actionTriggered).data as JsonObject)['action'] as JsonObject)['action'];

describe('a problem', () => {
  it('starts the first action, and keeps labels and problem', () => {
    const play = opened();
    expect(play.events.map(({ type }) => type)).toEqual([
      KeptnEventType.problemOpen,
      KeptnEventType.remediationTriggered,
      KeptnEventType.remediationStatusChanged,
      KeptnEventType.actionTriggered,
    ]);
    expect(play.last(KeptnEventType.remediationTriggered).data).toMatchObject({
      remediation: null,
      labels: { build: '1' },
    });
    expect(play.last(KeptnEventType.remediationStatusChanged).data).toMatchObject({
      remediation: { status: 'succeeded', result: { actionIndex: 0, actionName: 'scaling' } },
    });
    expect(play.last(KeptnEventType.actionTriggered).data).toMatchObject({
      labels: { build: '1' },
      action: { name: 'Scale up', action: 'scaling', description: '', value: '1' },
      problem: { State: 'OPEN', PID: '17', ProblemTitle: 'Response time degradation', ProblemDetails: null },
    });
  });

  it.each([
    ['in a stage that is not automated', { stage: 'staging' }],
    ['that is over', { State: 'CLOSED' }],
  ])('%s starts nothing', (_what, problem) => {
    expect(opened(problem).events).toHaveLength(1);
  });

  it('is remedied once, until that is over', () => {
    const play = opened();
    expect(play.happens(KeptnEventType.problemOpen, PROBLEM).because).toContain('is under way');
    play.happens(KeptnEventType.problem, { ...PROBLEM, State: 'CLOSED' });
    expect(end(play)).toMatchObject({ status: 'succeeded', result: 'pass' });
    play.happens(KeptnEventType.problemOpen, PROBLEM);
    expect(play.count(KeptnEventType.remediationTriggered)).toBe(2);
  });

  it('is remedied beside that of another service in the same context', () => {
    const play = opened();
    play.happens(KeptnEventType.problemOpen, { ...PROBLEM, service: 'carts-db' });
    expect(play.count(KeptnEventType.actionTriggered)).toBe(2);
    const [first] = play.events.filter(({ type }) => type === KeptnEventType.actionTriggered);
    play.happens(KeptnEventType.actionFinished, { action: { status: 'errored', result: 'no' } }, first?.id);
    expect(action(play)).toBe('toggle-feature');
    expect(play.last(KeptnEventType.actionTriggered).data).toMatchObject({ service: 'carts' });
    expect(play.deadline).toBeDefined();
    play.happens(KeptnEventType.problem, { ...PROBLEM, State: 'CLOSED' });
    expect(play.last(KeptnEventType.remediationFinished).data).toMatchObject({ service: 'carts' });
    play.happens(KeptnEventType.problem, { ...PROBLEM, service: 'carts-db', State: 'CLOSED' });
    expect(play.last(KeptnEventType.remediationFinished).data).toMatchObject({ service: 'carts-db' });
    expect(play.deadline).toBeUndefined();
  });

  it.each([
    'Could not execute remediation action because no remediation file available',
    'could not parse remediation.yaml',
  ])('without a usable file ends at once: %s', (fault) => {
    const play = opened({}, { fault });
    expect(play.count(KeptnEventType.remediationTriggered)).toBe(0);
    expect(end(play)).toEqual({ status: 'errored', result: 'failed', message: fault });
  });

  it('for which there is no action ends as in Keptn 0.7', () => {
    const play = opened({}, { entries: [] });
    expect(end(play)).toEqual({ status: 'succeeded', result: 'pass', message: 'triggered all actions' });
  });
});

describe('an action', () => {
  it('that is done is evaluated after its wait time, in the frame that it had to show its effect in', () => {
    const play = opened();
    play.acted();
    expect(play.deadline).toBe('2020-11-05T10:06:00.000Z');
    play.timeIsUp();
    expect(play.last(KeptnEventType.startEvaluation).data).toMatchObject({
      teststrategy: 'real-user',
      deploymentstrategy: 'blue_green_service',
      start: '2020-11-05T10:04:00Z',
      end: '2020-11-05T10:06:00Z',
      labels: { build: '1' },
    });
  });

  it.each([
    { status: 'errored', result: 'no such release' },
    { status: 'succeeded', result: 'failed' },
  ])('that failed with %j makes way for the next one', (answer) => {
    const play = opened();
    play.acted(answer);
    expect(action(play)).toBe('toggle-feature');
  });

  it('that two executors answer is evaluated once', () => {
    const play = opened();
    play.acted();
    expect(play.acted().because).toContain('does not wait for it');
    play.timeIsUp();
    expect(play.count(KeptnEventType.startEvaluation)).toBe(1);
  });

  it('that nobody answers makes way for the next one', () => {
    const play = opened();
    expect(play.deadline).toBe('2020-11-05T10:08:00.000Z');
    play.timeIsUp();
    expect(action(play)).toBe('toggle-feature');
    expect(play.last(KeptnEventType.actionTriggered).data).toMatchObject({
      decision: { because: expect.stringContaining('nobody answered action 0') as string },
    });
  });

  it('that somebody has started may take its time, but not for ever', () => {
    const play = opened();
    play.happens(KeptnEventType.actionStarted, {}, play.last(KeptnEventType.actionTriggered).id);
    expect(play.deadline).toBe('2020-11-05T11:03:00.000Z');
    play.timeIsUp();
    expect(action(play)).toBe('toggle-feature');
    expect(play.acted({ status: 'errored', result: 'late' }).follows).not.toEqual([]);
  });
});

describe('an evaluation', () => {
  const round = (play: Play, result: string) => {
    play.acted();
    play.timeIsUp();
    return play.evaluated(result);
  };

  it.each(['pass', 'warning'])('of %s ends the remediation', (result) => {
    const play = opened();
    round(play, result);
    expect(end(play)).toEqual({
      status: 'succeeded',
      result: 'pass',
      message: `Remediation successful. Remediation actions resulted in evaluation result: ${result}`,
    });
  });

  it('that fails leads to the next action, and after the last one to the end', () => {
    const play = opened();
    round(play, 'fail');
    expect(action(play)).toBe('toggle-feature');
    round(play, 'failed');
    expect(end(play)).toEqual({
      status: 'succeeded',
      result: 'failed',
      message: 'No further remediation action configured for problem type Response time degradation',
    });
  });

  it('that has no end leads to the next action', () => {
    const play = opened();
    play.acted();
    play.timeIsUp();
    expect(play.timeIsUp().because).toContain('the evaluation after action 0 had no end until');
    expect(action(play)).toBe('toggle-feature');
  });

  it('escalates the default actions too', () => {
    const play = opened({ ProblemTitle: 'Disk full' });
    expect(action(play)).toBe('restart');
    round(play, 'fail');
    expect(action(play)).toBe('escalate');
  });

  it('without a remediation, or before it is wanted, changes nothing', () => {
    expect(new Play().evaluated('fail').follows).toEqual([]);
    expect(new Play().evaluated('pass').follows).toEqual([]);
    expect(opened().evaluated('fail').follows).toEqual([]);
  });
});
