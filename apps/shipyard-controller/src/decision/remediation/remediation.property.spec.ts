import { type JsonObject, KeptnEventType, parseRemediation, parseShipyard } from '@keptn/event-models';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { until } from '../context-event';
import { described, PlayedLog } from '../played-log';
import { afterProblem, afterRemediationTriggered } from './problem-open';
import { afterDeadline, afterRemediationEvent, hasDeadline, remediationDeadline } from './remediation-progress';
import { remediationRuns } from './remediation-run';
import { originOf, type RemediationPlan } from './remediation-step';

const SHIPYARD = parseShipyard('stages: [{ name: dev, remediation_strategy: automated }]');
const TIMES = { wait: 1000, provider: 1000, action: 3_600_000 };
const PROBLEM = { State: 'OPEN', PID: '17', ProblemTitle: 'Response time' };

const KINDS = ['opened', 'closed', 'started', 'acted', 'failed', 'time', 'pass', 'warning', 'fail'] as const;
type Kind = (typeof KINDS)[number];

const plans = fc.nat({ max: 3 });
const kinds = fc.array(fc.constantFrom(...KINDS), { maxLength: 24 });

function planOf(actions: number): RemediationPlan {
  const list = Array.from({ length: actions }, (_, index) => `{ action: a${index} }`).join(', ');
  return {
    entries: parseRemediation(
      `apiVersion: spec.keptn.sh/0.1.4\nspec: { remediations: [{ problemType: Response, actionsOnOpen: [${list}] }] }`,
    ),
  };
}

const newLog = (plan: RemediationPlan): PlayedLog =>
  new PlayedLog((event, events) => {
    if (event.type === KeptnEventType.problemOpen || event.type === KeptnEventType.problem)
      return afterProblem(event, { shipyard: SHIPYARD, events, plan });
    if (event.type === KeptnEventType.remediationTriggered) return afterRemediationTriggered(originOf(event), plan);
    return afterRemediationEvent(event, until(event, events), plan);
  });

/** What comes from outside, by kind. */
const OUTSIDE: Readonly<Record<Exclude<Kind, 'time'>, readonly [KeptnEventType, JsonObject]>> = {
  opened: [KeptnEventType.problemOpen, PROBLEM],
  closed: [KeptnEventType.problem, { ...PROBLEM, State: 'CLOSED' }],
  started: [KeptnEventType.actionStarted, {}],
  acted: [KeptnEventType.actionFinished, { action: { status: 'succeeded', result: 'pass' } }],
  failed: [KeptnEventType.actionFinished, { action: { status: 'errored', result: 'no' } }],
  pass: [KeptnEventType.evaluationDone, { teststrategy: 'real-user', result: 'pass' }],
  warning: [KeptnEventType.evaluationDone, { teststrategy: 'real-user', result: 'warning' }],
  fail: [KeptnEventType.evaluationDone, { teststrategy: 'real-user', result: 'fail' }],
};

function happen(log: PlayedLog, kind: Kind, plan: RemediationPlan): void {
  if (kind === 'time') {
    for (const run of remediationRuns(log.events).filter(hasDeadline))
      log.store(afterDeadline(remediationDeadline(run, plan, TIMES), plan, SHIPYARD));
    return;
  }
  const [type, data] = OUTSIDE[kind];
  const action = log.ofType(KeptnEventType.actionTriggered).at(-1)?.id;
  const isAnswer = type === KeptnEventType.actionStarted || type === KeptnEventType.actionFinished;
  log.append(log.builder.event(type, { data, ...(isAnswer && action !== undefined && { triggeredid: action }) }));
}

/** A remediation as the documentation describes it, without the code that decides. */
class Oracle {
  readonly follows: string[] = [];
  private state: 'none' | 'acting' | 'waiting' | 'evaluating' = 'none';
  private index = 0;

  constructor(private readonly actions: number) {}

  after(kind: Kind): void {
    if (this.state === 'none') {
      if (kind === 'opened') this.open();
    } else if (kind === 'closed') this.end('pass');
    else if (this.state === 'waiting' && kind === 'time') this.evaluate();
    else if (this.state === 'evaluating') this.afterEvaluation(kind);
    else this.afterAction(kind);
  }

  private open(): void {
    this.follows.push('remediation.triggered');
    this.act(0);
  }

  private afterAction(kind: Kind): void {
    if (this.state === 'waiting') return;
    if (kind === 'acted') this.state = 'waiting';
    if (kind === 'failed' || kind === 'time') this.act(this.index + 1);
  }

  private evaluate(): void {
    this.follows.push('start-evaluation');
    this.state = 'evaluating';
  }

  private afterEvaluation(kind: Kind): void {
    if (kind === 'pass' || kind === 'warning') this.end('pass');
    if (kind === 'fail' || kind === 'time') this.act(this.index + 1);
  }

  private act(index: number): void {
    if (index >= this.actions) {
      this.end(index === 0 ? 'pass' : 'failed');
      return;
    }
    this.index = index;
    this.follows.push(`remediation.status.changed {"actionIndex":${index},"actionName":"a${index}"}`);
    this.follows.push(`action.triggered "a${index}"`);
    this.state = 'acting';
  }

  private end(result: string): void {
    this.follows.push(`remediation.finished "${result}"`);
    this.state = 'none';
  }
}

function oracle(actions: number, all: readonly Kind[]): readonly string[] {
  const expected = new Oracle(actions);
  for (const kind of all) expected.after(kind);
  return expected.follows;
}

describe('for any remediation.yaml and any order of what happens', () => {
  it('what follows is what the oracle says, in its order', () => {
    fc.assert(
      fc.property(plans, kinds, (actions, all) => {
        const plan = planOf(actions);
        const log = newLog(plan);
        for (const kind of all) {
          happen(log, kind, plan);
          log.drain();
        }
        expect(log.followUps.map(described)).toEqual(oracle(actions, all));
      }),
      { numRuns: 500 },
    );
  });

  it('what comes in while something is decided, and repeats, start nothing twice and leave nothing without an end', () => {
    const steps = fc.array(fc.tuple(fc.constantFrom(...KINDS), fc.nat({ max: 3 }), fc.option(fc.nat())), {
      maxLength: 24,
    });
    fc.assert(
      fc.property(plans, steps, (actions, all) => {
        const plan = planOf(actions);
        const log = newLog(plan);
        for (const [kind, deliveries, repeated] of all) {
          happen(log, kind, plan);
          for (let count = 0; count < deliveries; count++) log.deliverNext();
          if (repeated !== null) log.repeat(repeated);
        }
        log.drain();
        // What nobody answers ends by the clock.
        for (let round = 0; round <= actions; round++) {
          happen(log, 'acted', plan);
          log.drain();
          happen(log, 'time', plan);
          log.drain();
          happen(log, 'fail', plan);
          log.drain();
        }
        const begun = log.ofType(KeptnEventType.remediationTriggered).length;
        expect(log.ofType(KeptnEventType.remediationFinished)).toHaveLength(begun);
        expect(log.ofType(KeptnEventType.actionTriggered)).toHaveLength(
          log.ofType(KeptnEventType.remediationStatusChanged).length,
        );
      }),
      { numRuns: 300 },
    );
  });
});
