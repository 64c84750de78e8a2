import { type JsonObject, KeptnEventType, parseShipyard } from '@keptn/event-models';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ContextEvent, until } from '../context-event';
import { described, PlayedLog } from '../played-log';
import { afterApprovalFinished } from './approval-finished';
import { afterApprovalTriggered } from './approval-triggered';

type Word = 'automatic' | 'manual' | 'absent';
interface Strategy {
  readonly pass: Word;
  readonly warning: Word;
}

interface Answered {
  readonly kind: 'answered';
  readonly which: number;
  readonly result: string;
  readonly status: string;
  readonly isOfImage: boolean;
}

type Happening =
  | { readonly kind: 'asked'; readonly result: string }
  | Answered
  | { readonly kind: 'delivered' }
  | { readonly kind: 'repeated'; readonly which: number };

const word = fc.constantFrom<Word>('automatic', 'manual', 'absent');
const strategies = fc.record({ pass: word, warning: word });

const happenings = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('asked' as const),
      result: fc.constantFrom('pass', 'warning', 'fail', 'failed', ''),
    }),
    fc.record({
      kind: fc.constant('answered' as const),
      which: fc.nat({ max: 4 }),
      result: fc.constantFrom('pass', 'fail', 'failed', ''),
      status: fc.constantFrom('succeeded', 'succeeded', 'errored'),
      isOfImage: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('delivered' as const) }),
    fc.record({ kind: fc.constant('repeated' as const), which: fc.nat() }),
  ),
  { maxLength: 16 },
);

function shipyardOf({ pass, warning }: Strategy) {
  const words = Object.entries({ pass, warning }).flatMap(([key, value]) =>
    value === 'absent' ? [] : [`${key}: ${value}`],
  );
  return parseShipyard(`stages: [{ name: dev, approval_strategy: { ${words.join(', ')} } }]`);
}

/** Each approval is of an image of its own. */
function happen(log: PlayedLog, happening: Happening): void {
  if (happening.kind === 'asked') log.append(askedFor(log, happening.result));
  else if (happening.kind === 'answered') log.append(answered(log, happening));
  else if (happening.kind === 'delivered') log.deliverNext();
  else log.repeat(happening.which);
}

function askedFor(log: PlayedLog, result: string): ContextEvent {
  const tag = String(log.ofType(KeptnEventType.approvalTriggered).length);
  return log.builder.event(KeptnEventType.approvalTriggered, { data: { image: 'carts', tag, result } });
}

function answered(log: PlayedLog, { which, result, status, isOfImage }: Answered): ContextEvent {
  const tag = isOfImage ? String(which) : 'other';
  return log.builder.event(KeptnEventType.approvalFinished, {
    triggeredid: log.ofType(KeptnEventType.approvalTriggered)[which]?.id ?? 'of no approval',
    data: { image: 'carts', tag, approval: { result, status } },
  });
}

function play(strategy: Strategy, all: readonly Happening[]): PlayedLog {
  const shipyard = shipyardOf(strategy);
  const log = new PlayedLog((event, events) => {
    if (event.type === KeptnEventType.approvalTriggered) return afterApprovalTriggered(event, shipyard);
    if (event.type === KeptnEventType.approvalFinished) return afterApprovalFinished(event, until(event, events));
    return { because: 'no approval', follows: [] };
  });
  for (const happening of all) happen(log, happening);
  log.drain();
  return log;
}

/** What must follow, from the rules as the documentation has them and the order of the log, without the code that decides. */
function oracle(strategy: Strategy, { events }: PlayedLog): string[] {
  const expected: string[] = [];
  for (const asked of events.filter(({ type }) => type === 'sh.keptn.event.approval.triggered')) {
    const { result, tag } = asked.data as Readonly<Record<'result' | 'tag', string>>;
    if (result === 'fail' || result === 'failed') expected.push(`approval.finished ${asked.id} "fail"`);
    if ((result === 'pass' || result === 'warning') && strategy[result] !== 'manual')
      expected.push(`approval.finished ${asked.id} "pass"`);
    const deciding = events.find((event) => decides(event, asked));
    if (deciding !== undefined && resultOf(deciding) === 'pass') expected.push(`configuration.change "carts:${tag}"`);
  }
  return expected.sort();
}

const fieldOf = (data: unknown, name: string): unknown => (data as JsonObject)[name];

const resultOf = ({ data }: ContextEvent): unknown => fieldOf(fieldOf(data, 'approval'), 'result');

function decides(event: ContextEvent, asked: ContextEvent): boolean {
  const { type, triggeredid, data } = event;
  if (type !== 'sh.keptn.event.approval.finished' || triggeredid !== asked.id) return false;
  if (fieldOf(fieldOf(data, 'approval'), 'status') !== 'succeeded') return false;
  return resultOf(event) !== 'pass' || fieldOf(data, 'tag') === fieldOf(asked.data, 'tag');
}

describe('for any approval strategy and any order of approvals and answers, with repeats', () => {
  it('what follows is what the oracle says, each deployment once', () => {
    fc.assert(
      fc.property(strategies, happenings, (strategy, all) => {
        const log = play(strategy, all);
        expect(log.followUps.map(described).sort()).toEqual(oracle(strategy, log));
      }),
      { numRuns: 500 },
    );
  });
});
