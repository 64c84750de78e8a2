import {
  InvalidRemediation,
  type JsonObject,
  KeptnEventType,
  parseRemediation,
  parseShipyard,
} from '@keptn/event-models';
import { describe, expect, it } from 'vitest';
import { type ContextEvent } from '../src/decision/context-event';
import { type Decision } from '../src/decision/decision';
import { EventBuilder } from '../src/decision/event-builder';
import { afterProblem, afterRemediationTriggered } from '../src/decision/remediation/problem-open';
import {
  afterDeadline,
  afterRemediationEvent,
  hasDeadline,
  remediationDeadline,
} from '../src/decision/remediation/remediation-progress';
import { remediationRuns } from '../src/decision/remediation/remediation-run';
import {
  NO_FILE,
  originOf,
  OTHER_VERSION,
  type RemediationPlan,
  UNREADABLE_FILE,
} from '../src/decision/remediation/remediation-step';
import { type ContractRow, testRows } from './contract-row';

const SHIPYARD = parseShipyard(
  'stages: [{ name: dev, deployment_strategy: direct, remediation_strategy: automated }, { name: manual, remediation_strategy: by hand }]',
);
const TIMES = { wait: 600_000, provider: 600_000, action: 3_600_000 };
const PROBLEM = {
  State: 'OPEN',
  ProblemID: '1',
  PID: '',
  ProblemTitle: 'Response time degradation',
  ProblemDetails: null,
};

const planOf = (remediations: string): RemediationPlan => ({
  entries: parseRemediation(`apiVersion: spec.keptn.sh/0.1.4\nspec:\n  remediations: ${remediations}`),
});

const PLAN = planOf(`
    - { problemType: Response time, actionsOnOpen: [{ action: scaling, name: up, value: "1" }, { action: toggle }] }
    - { problemType: default, actionsOnOpen: [{ action: restart }, { action: escalate }] }`);

const finished = (status: string, result: string, message: string) =>
  `remediation.finished dev status=${status} result=${result} message=${message}`;

function opened(data: JsonObject = {}, plan: RemediationPlan = PLAN): Decision {
  const event = new EventBuilder().event(KeptnEventType.problemOpen, { data: { ...PROBLEM, ...data } });
  return afterProblem(event, { shipyard: SHIPYARD, events: [event], plan });
}

/** The first action against a problem. */
function begun(problem: JsonObject = {}, plan: RemediationPlan = PLAN): Decision {
  const data = { problem: { ...PROBLEM, ...problem }, labels: { runbook: '17' } };
  return afterRemediationTriggered(
    originOf(new EventBuilder().event(KeptnEventType.remediationTriggered, { data })),
    plan,
  );
}

interface Happening {
  readonly type: KeptnEventType;
  readonly data?: JsonObject;
}

/** A remediation whose action of this index is under way, and then what happens. */
function during(index: number, happenings: readonly Happening[], problem: JsonObject = {}): readonly ContextEvent[] {
  const builder = new EventBuilder();
  const data = { problem: { ...PROBLEM, ...problem } };
  const result = { actionIndex: index, actionName: 'an-action' };
  return [
    builder.event(KeptnEventType.remediationTriggered, { data }),
    builder.event(KeptnEventType.remediationStatusChanged, { data: { remediation: { status: 'succeeded', result } } }),
    builder.event(KeptnEventType.actionTriggered),
    ...happenings.map(({ type, data: own = {} }) => builder.event(type, { data: own })),
  ];
}

const acted: Happening = {
  type: KeptnEventType.actionFinished,
  data: { action: { result: 'pass', status: 'succeeded' } },
};
const evaluating: Happening = { type: KeptnEventType.startEvaluation, data: { teststrategy: 'real-user' } };
const evaluated = (result: string): Happening => ({
  type: KeptnEventType.evaluationDone,
  data: { teststrategy: 'real-user', result },
});

function afterLast(events: readonly ContextEvent[], plan: RemediationPlan = PLAN): Decision {
  return afterRemediationEvent(events.at(-1) as ContextEvent, events, plan);
}

function atDeadline(events: readonly ContextEvent[]): Decision {
  const [run] = remediationRuns(events).filter(hasDeadline);
  if (run === undefined) throw new Error('nothing is due');
  return afterDeadline(remediationDeadline(run, PLAN, TIMES), PLAN, SHIPYARD);
}

/** @param action its fields @param labels of both events */
const step = (index: number, name: string, action: string, labels = '') => [
  `remediation.status.changed dev status=succeeded result={"actionIndex":${index},"actionName":"${name}"}${labels}`,
  `action.triggered dev ${action}${labels}`,
];
const LABELS = ' labels={"runbook":"17"}';

describe('problem.open', () => {
  const faults: readonly ContractRow[] = [NO_FILE, UNREADABLE_FILE, OTHER_VERSION].map((fault) => ({
    section: '5.2',
    original: `without a usable remediation.yaml it ends with "${fault}"`,
    decide: () => opened({}, { fault }),
    follows: [finished('errored', 'failed', fault)],
  }));
  testRows([
    ...faults,
    {
      section: '5.2',
      original: 'in a stage that is automated remediation.triggered follows, with remediation null',
      decide: () => opened({ labels: { runbook: '17' } }),
      follows: [`remediation.triggered dev${LABELS}`],
    },
    {
      section: '4.1',
      original: 'automated is the only word that enables remediation',
      decide: () => opened({ stage: 'manual' }),
      follows: [],
    },
    {
      section: '5.2',
      original: 'the State is not checked',
      decide: () => opened({ State: 'CLOSED' }),
      follows: [],
      mended: 'starts a remediation for a problem that is closed',
    },
  ]);

  it('5.1: apiVersion must be exactly spec.keptn.sh/0.1.4', () => {
    expect(() => parseRemediation('apiVersion: spec.keptn.sh/0.1.5\nspec: { remediations: [] }')).toThrow(
      InvalidRemediation,
    );
  });
});

describe('the first action', () => {
  testRows([
    {
      section: '5.1',
      original: 'is that of the first entry with which the title begins; labels are dropped',
      decide: () => begun(),
      follows: step(0, 'scaling', 'name=up action=scaling description= value=1', LABELS),
      mended: 'drops the labels after the problem',
    },
    {
      section: '5.1',
      original: 'is that of default when no entry matches, and the case of letters counts',
      decide: () => begun({ ProblemTitle: 'response time degradation' }),
      follows: step(0, 'restart', 'name= action=restart description=', LABELS),
    },
    {
      section: '5.1',
      original: 'matches any title with an empty problemType, and a value of null is left out',
      decide: () => begun({}, planOf('[{ problemType: "", actionsOnOpen: [{ action: any, value: null }] }]')),
      follows: step(0, 'any', 'name= action=any description=', LABELS),
    },
    {
      section: '5.1',
      original: 'is that of the first matching entry that has one',
      decide: () =>
        begun(
          {},
          planOf('[{ problemType: Resp, actionsOnOpen: [] }, { problemType: R, actionsOnOpen: [{ action: second }] }]'),
        ),
      follows: step(0, 'second', 'name= action=second description=', LABELS),
    },
    {
      section: '5.1',
      original: 'has the value false where the file says off',
      decide: () => begun({}, planOf('[{ problemType: R, actionsOnOpen: [{ action: toggle, value: off }] }]')),
      follows: step(0, 'toggle', 'name= action=toggle description= value=off', LABELS),
      mended: 'reads `value: off` as `false`',
    },
    {
      section: '5.2',
      original: 'does not exist: the remediation ends with pass',
      decide: () => begun({}, planOf('[]')),
      follows: [finished('succeeded', 'pass', 'triggered all actions') + LABELS],
    },
  ]);
});

describe('action.finished', () => {
  testRows([
    {
      section: '5.4',
      original: 'is followed by start-evaluation after the wait time, without a deployment strategy',
      decide: () => atDeadline(during(0, [acted])),
      follows: ['start-evaluation dev'],
      mended: 'drops the labels after the problem',
    },
    {
      section: '5.4',
      original: 'has a result that is ignored',
      decide: () =>
        afterLast(during(0, [{ ...acted, data: { action: { result: 'no such release', status: 'errored' } } }])),
      follows: step(1, 'toggle', 'name= action=toggle description='),
      mended: 'ignores the result of `action.finished`',
    },
    {
      section: '5.4',
      original: 'leads to an evaluation each time it comes',
      decide: () => afterLast(during(0, [acted, acted])),
      follows: [],
      mended: 'evaluates for each answer of an action',
    },
    {
      section: '5.4',
      original: 'may never come: then the remediation waits for ever',
      decide: () => atDeadline(during(0, [])),
      follows: step(1, 'toggle', 'name= action=toggle description='),
      mended: 'forgets wait times when it restarts; waits for ever',
    },
    {
      section: '5.4',
      original: 'is waited for, whatever action.started says',
      decide: () => afterLast(during(0, [{ type: KeptnEventType.actionStarted }])),
      follows: [],
    },
  ]);
});

describe('evaluation-done of a remediation', () => {
  const after = (index: number, result: string, problem: JsonObject = {}) =>
    afterLast(during(index, [acted, evaluating, evaluated(result)], problem));
  testRows([
    ...['pass', 'warning'].map((result) => ({
      section: '5.5',
      original: `${result} ends it with pass`,
      decide: () => after(0, result),
      follows: [
        finished(
          'succeeded',
          'pass',
          `Remediation successful. Remediation actions resulted in evaluation result: ${result}`,
        ),
      ],
    })),
    {
      section: '5.5',
      original: 'fail leads to the next action',
      decide: () => after(0, 'fail'),
      follows: step(1, 'toggle', 'name= action=toggle description='),
    },
    {
      section: '5.5',
      original: 'after the last action it ends with failed',
      decide: () => after(1, 'fail'),
      follows: [
        finished(
          'succeeded',
          'failed',
          'No further remediation action configured for problem type Response time degradation',
        ),
      ],
    },
    {
      section: '5.1',
      original: 'a default entry never escalates',
      decide: () => after(0, 'fail', { ProblemTitle: 'Disk full' }),
      follows: step(1, 'escalate', 'name= action=escalate description='),
      mended: 'uses `default` for the first action only',
    },
    {
      section: '5.5',
      original: 'pass without a remediation is reported as its end; anything else ends the service',
      decide: () => afterLast([new EventBuilder().evaluated('pass', { teststrategy: 'real-user' })]),
      follows: [],
      mended: 'reports the end of a remediation for an evaluation without one',
    },
  ]);

  it('5.6: remediation.finished has an empty problem; here it has the problem', () => {
    const [end] = after(0, 'pass').follows;
    expect(end?.data['problem']).toEqual(PROBLEM);
  });

  it('5.4: start-evaluation has the time frame in whole seconds', () => {
    const [start] = atDeadline(during(0, [acted])).follows;
    expect(start?.data).toMatchObject({
      teststrategy: 'real-user',
      deploymentstrategy: 'direct',
      start: '2020-11-05T10:03:00Z',
      end: '2020-11-05T10:13:00Z',
    });
  });
});
