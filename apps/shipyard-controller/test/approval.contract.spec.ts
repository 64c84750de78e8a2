import { InvalidShipyard, type JsonObject, KeptnEventType, parseShipyard } from '@keptn/event-models';
import { describe, expect, it } from 'vitest';
import { afterApprovalFinished } from '../src/decision/approval/approval-finished';
import { afterApprovalTriggered } from '../src/decision/approval/approval-triggered';
import { type ContextEvent } from '../src/decision/context-event';
import { type Decision } from '../src/decision/decision';
import { EventBuilder } from '../src/decision/event-builder';
import { type ContractRow, testRows } from './contract-row';

const APPROVAL = { stage: 'staging', image: 'carts', tag: '1', result: 'pass' };

const shipyardWith = (strategy: string) =>
  parseShipyard(
    `stages: [{ name: staging, deployment_strategy: direct${strategy && `, approval_strategy: ${strategy}`} }]`,
  );

function asked(strategy: string, data: JsonObject = {}): Decision {
  const triggered = new EventBuilder().event(KeptnEventType.approvalTriggered, { data: { ...APPROVAL, ...data } });
  return afterApprovalTriggered(triggered, shipyardWith(strategy));
}

const answerOf = (result: string) =>
  `approval.finished staging image=carts tag=1 result=${result} status=succeeded answers event-0`;

describe('approval.triggered', () => {
  const strategies: readonly (readonly [string, string, string, string | undefined])[] = [
    ['pass of an automatic strategy is approved', '{ pass: automatic }', 'pass', 'pass'],
    ['pass of a manual strategy waits', '{ pass: manual }', 'pass', undefined],
    ['warning of an automatic strategy is approved', '{ warning: automatic }', 'warning', 'pass'],
    ['warning of a manual strategy waits', '{ warning: manual }', 'warning', undefined],
    ['without approval_strategy it is automatic', '', 'warning', 'pass'],
    ['without the key it is automatic', '{ pass: manual }', 'warning', 'pass'],
    ['the word may be in any case of letters', '{ pass: Manual }', 'pass', undefined],
    ['fail is declined with the word fail', '{ pass: manual }', 'fail', 'fail'],
    ['any other result stays open', '{}', '', undefined],
  ];
  const rows: readonly ContractRow[] = strategies.map(([original, strategy, result, answer]) => ({
    section: '3.2',
    original,
    decide: () => asked(strategy, { result }),
    follows: answer === undefined ? [] : [answerOf(answer)],
  }));
  testRows([
    ...rows,
    {
      section: '3.2',
      original: 'failed stays open for ever',
      decide: () => asked('{ pass: manual }', { result: 'failed' }),
      follows: [answerOf('fail')],
      mended: 'leaves an approval with result `failed` open',
    },
    {
      section: '3.2',
      original: 'a stage that the shipyard does not have is approved',
      decide: () => asked('{}', { stage: 'elsewhere' }),
      follows: [],
      mended: 'approves for a stage that the shipyard does not have',
    },
  ]);

  it('3.2: an unknown word is automatic; here such a shipyard is refused', () => {
    expect(() => shipyardWith('{ pass: manuell }')).toThrow(InvalidShipyard);
  });
});

describe('approval.finished', () => {
  const DEPLOYMENT = 'configuration.change staging action=set value=100 image=carts:1';

  interface Answer {
    readonly triggeredid?: string;
    readonly result?: string;
    readonly status?: string;
    readonly data?: JsonObject;
  }

  /** The decision on the last of some answers. */
  function answered(answers: readonly Answer[], approval: JsonObject = APPROVAL): Decision {
    const builder = new EventBuilder();
    const triggered = builder.event(KeptnEventType.approvalTriggered, { data: approval });
    const finished = answers.map(({ triggeredid = triggered.id, result = 'pass', status = 'succeeded', data = {} }) =>
      builder.event(KeptnEventType.approvalFinished, {
        triggeredid,
        data: { ...approval, ...data, approval: { result, status } },
      }),
    );
    return afterApprovalFinished(finished.at(-1) as ContextEvent, [triggered, ...finished]);
  }

  testRows([
    {
      section: '3.3',
      original: 'without triggeredid it is dropped',
      decide: () => answered([{ triggeredid: '' }]),
      follows: [],
    },
    {
      section: '3.3',
      original: 'of an approval that is not open it is dropped',
      decide: () => answered([{ triggeredid: 'elsewhere' }]),
      follows: [],
    },
    {
      section: '3.3',
      original: 'a status that is not succeeded leaves the approval open',
      decide: () => answered([{ status: 'errored' }]),
      follows: [],
    },
    { section: '3.3', original: 'pass deploys image and tag', decide: () => answered([{}]), follows: [DEPLOYMENT] },
    {
      section: '3.3',
      original: 'its labels are copied',
      decide: () => answered([{ data: { labels: { build: '17' } } }]),
      follows: [`${DEPLOYMENT} labels={"build":"17"}`],
    },
    {
      section: '3.3',
      original: 'another image leaves the approval open',
      decide: () => answered([{ data: { image: 'other' } }]),
      follows: [],
    },
    {
      section: '3.3',
      original: 'another tag leaves the approval open, and no tag is an empty one',
      decide: () => answered([{ data: { tag: '' } }]),
      follows: [],
    },
    {
      section: '3.3',
      original: 'any result but pass closes it without a deployment',
      decide: () => answered([{ result: 'maybe' }]),
      follows: [],
    },
    {
      section: '3.3',
      original: 'an image without tag is deployed as it is',
      decide: () => answered([{}], { stage: 'staging', image: 'carts', result: 'pass' }),
      follows: ['configuration.change staging action=set value=100 image=carts:latest'],
      mended: 'sends an image without tag',
    },
    {
      section: '3.3',
      original: 'a second approval.finished deploys a second time',
      decide: () => answered([{}, {}]),
      follows: [],
      mended: 'deploys for each approval.finished',
    },
    {
      section: '3.3',
      original: 'an answer that does not count leaves the decision to the next one',
      decide: () => answered([{ data: { image: 'other' } }, {}]),
      follows: [DEPLOYMENT],
    },
  ]);
});
