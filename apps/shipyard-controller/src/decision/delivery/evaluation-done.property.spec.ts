import { parseShipyard } from '@keptn/event-models';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ContextEvent } from '../context-event';
import { type FollowUp } from '../decision';
import { EventBuilder } from '../event-builder';
import { afterEvaluation, situationOf } from './evaluation-done';

interface StageModel {
  readonly deploys: boolean;
  readonly asks: boolean;
}
type Kind = 'deployed' | 'fail' | 'pass' | 'tested' | 'warning';
interface Happening {
  readonly stage: number;
  readonly kind: Kind;
}

const RESULTS: readonly string[] = ['pass', 'warning', 'fail'] satisfies Kind[];

const stages = fc.array(fc.record({ deploys: fc.boolean(), asks: fc.boolean() }), { minLength: 1, maxLength: 4 });

/** What helm-service, jmeter-service and lighthouse-service say of one artifact, in any order, and any of it twice. */
const happenings = (count: number): fc.Arbitrary<readonly Happening[]> =>
  fc.array(
    fc.record({
      stage: fc.integer({ min: 0, max: count - 1 }),
      kind: fc.constantFrom<Kind>('deployed', 'tested', 'pass', 'warning', 'fail'),
    }),
    { maxLength: 14 },
  );

const situations = stages.chain((model) => fc.tuple(fc.constant(model), happenings(model.length)));

const nameOf = (stage: number): string => `stage-${stage}`;

function shipyardOf(model: readonly StageModel[]) {
  const lines = model.flatMap(({ deploys, asks }, stage) => [
    `  - name: ${nameOf(stage)}`,
    ...(deploys ? ['    deployment_strategy: blue_green_service'] : []),
    ...(asks ? ['    approval_strategy: { pass: manual }'] : []),
  ]);
  return parseShipyard(['stages:', ...lines].join('\n'));
}

/** The events of the log. Each deployment is of an image of its own, and is there once per stage. */
function logOf(all: readonly Happening[]): readonly ContextEvent[] {
  const builder = new EventBuilder();
  return all.map(({ stage, kind }) => {
    const common = { stage: nameOf(stage), deploymentstrategy: 'blue_green_service' };
    if (kind === 'deployed') return builder.deployed({ ...common, tag: nameOf(stage) });
    // Without a time frame nothing but the order of the log says what was tested.
    return kind === 'tested' ? builder.tested(common) : builder.evaluated(kind, common);
  });
}

/** The follow-ups by what identifies them, as the log keeps each once. */
function follow(model: readonly StageModel[], log: readonly ContextEvent[]): ReadonlyMap<string, FollowUp> {
  const kept = new Map<string, FollowUp>();
  log.forEach((event, index) => {
    if (event.type !== 'sh.keptn.events.evaluation-done') return;
    const situation = situationOf(event, log.slice(0, index + 1), shipyardOf(model));
    for (const followUp of afterEvaluation(event, situation, 'absent').follows) {
      const key = `${followUp.cause.id} ${followUp.kind}`;
      if (!kept.has(key)) kept.set(key, followUp);
    }
  });
  return kept;
}

/** What must follow, from the rules as the documentation has them, without the code that decides. */
function oracle(model: readonly StageModel[], all: readonly Happening[]): string[] {
  const expected: string[] = [];
  const judged = new Set<string>();
  const latest = new Map<number, { deployment?: number; tested?: number | 'nothing' }>();
  all.forEach(({ stage, kind }, index) => {
    const state = latest.get(stage) ?? {};
    latest.set(stage, state);
    if (kind === 'deployed') state.deployment = index;
    if (kind === 'tested') state.tested = state.deployment ?? 'nothing';
    if (!RESULTS.includes(kind)) return;
    const next = model[stage + 1];
    if (next !== undefined && !next.deploys) return;
    const deployment = state.tested ?? state.deployment ?? 'nothing';
    const verdict = `${stage} ${deployment}`;
    if (judged.has(verdict)) return;
    judged.add(verdict);
    if (kind === 'fail') expected.push(`${nameOf(stage)} discard`);
    else if (deployment !== 'nothing') {
      expected.push(`${nameOf(stage)} promote`);
      if (next !== undefined) expected.push(`${nameOf(stage + 1)} ${next.asks ? 'ask' : 'set'} ${nameOf(stage)}`);
    }
  });
  return expected.sort();
}

function described({ type, data }: FollowUp): string {
  const { stage, canary, valuesCanary, tag } = data as Readonly<Record<string, unknown>>;
  const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
  if (type === 'sh.keptn.event.approval.triggered') return `${text(stage)} ask ${text(tag)}`;
  const { action } = canary as { action: string };
  if (action !== 'set') return `${text(stage)} ${action}`;
  return `${text(stage)} set ${(valuesCanary as { image: string }).image.replace('carts:', '')}`;
}

describe('for any shipyard and any order of the events of a context', () => {
  it('what follows is what the oracle says, and nothing is promoted without a verdict or twice', () => {
    fc.assert(
      fc.property(situations, ([model, all]) => {
        const kept = [...follow(model, logOf(all)).values()];
        expect(kept.map(described).sort()).toEqual(oracle(model, all));
      }),
      { numRuns: 500 },
    );
  });

  it('a repeat of the whole log, or of any part of it, adds nothing', () => {
    fc.assert(
      fc.property(situations, fc.nat(), ([model, all], from) => {
        const log = logOf(all);
        const once = follow(model, log);
        const keys = log.slice(from % (log.length + 1)).flatMap((event) => {
          if (event.type !== 'sh.keptn.events.evaluation-done') return [];
          const events = log.slice(0, log.indexOf(event) + 1);
          const { follows } = afterEvaluation(event, situationOf(event, events, shipyardOf(model)), 'absent');
          return follows.map(({ cause, kind }) => `${cause.id} ${kind}`);
        });
        expect(keys.filter((key) => !once.has(key))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
