import { type JsonObject, KeptnEventType } from '@keptn/event-models';
import { describe, expect, it } from 'vitest';
import { EventBuilder, shipyardWith } from '../event-builder';
import { afterApprovalFinished } from './approval-finished';
import { approvalsOf } from './approval-state';
import { afterApprovalTriggered } from './approval-triggered';

const APPROVAL = { stage: 'staging', image: 'registry:5000/carts', tag: '1', result: 'pass' };

function triggered(data: JsonObject = {}, builder = new EventBuilder()) {
  return builder.event(KeptnEventType.approvalTriggered, { data: { ...APPROVAL, ...data } });
}

describe('approval.triggered', () => {
  it.each([
    ['pass', 'staging', 'pass'],
    ['warning', 'staging', undefined],
    ['fail', 'staging', 'fail'],
    ['failed', 'staging', 'fail'],
    ['', 'staging', undefined],
    // Without approval_strategy the decision is automatic.
    ['pass', 'production', 'pass'],
    ['warning', 'production', 'pass'],
    ['pass', 'elsewhere', undefined],
  ])('with result "%s" for %s is decided as %s', (result, stage, expected) => {
    const [answer] = afterApprovalTriggered(triggered({ result, stage }), shipyardWith()).follows;
    expect(answer?.data['approval']).toEqual(expected && { result: expected, status: 'succeeded' });
  });

  it('is answered with its own fields and id', () => {
    const approval = triggered({ teststrategy: 'functional', labels: { build: '17' } });
    expect(afterApprovalTriggered(approval, shipyardWith()).follows).toMatchObject([
      {
        type: KeptnEventType.approvalFinished,
        triggeredid: approval.id,
        data: {
          stage: 'staging',
          teststrategy: 'functional',
          image: 'registry:5000/carts',
          tag: '1',
          labels: { build: '17' },
        },
      },
    ]);
  });

  it('says what it waits for', () => {
    expect(afterApprovalTriggered(triggered({ result: 'warning' }), shipyardWith()).because).toBe(
      'waits for a person: approval_strategy of staging is manual for warning',
    );
  });
});

describe('approval.finished', () => {
  const answers = (...answered: readonly JsonObject[]) => {
    const builder = new EventBuilder();
    const approval = triggered({}, builder);
    const finished = answered.map(({ result = 'pass', status = 'succeeded', ...data }) =>
      builder.event(KeptnEventType.approvalFinished, {
        triggeredid: approval.id,
        data: { ...APPROVAL, ...data, approval: { result, status } },
      }),
    );
    const events = [approval, ...finished];
    return finished.map((event, index) => afterApprovalFinished({ ...event }, events.slice(0, index + 2)));
  };

  it('deploys the image with its tag into the stage', () => {
    const [decision] = answers({ labels: { build: '17' } });
    expect(decision?.follows).toMatchObject([
      {
        type: KeptnEventType.configurationChange,
        data: {
          stage: 'staging',
          valuesCanary: { image: 'registry:5000/carts:1' },
          canary: { action: 'set', value: 100 },
          labels: { build: '17' },
        },
      },
    ]);
  });

  it.each([
    [{ status: 'errored' }, 'ignored, the approval stays open: its status is errored, not succeeded'],
    [{ image: 'other' }, 'ignored, the approval stays open: its image is not that of the approval'],
    [{ tag: '' }, 'ignored, the approval stays open: its tag is not that of the approval'],
    [{ result: 'failed' }, 'not deployed into staging: declined by a-test at 2020-11-05T10:01:00.000Z'],
  ])('with %j leads to no deployment', (answer, because) => {
    expect(answers(answer)).toEqual([{ follows: [], because }]);
  });

  it('counts once: the first one that is valid', () => {
    const [wrong, first, second] = answers({ image: 'other' }, {}, { result: 'failed' });
    expect(wrong?.follows).toEqual([]);
    expect(first?.follows).toHaveLength(1);
    expect(second).toEqual({
      follows: [],
      because: 'ignored: approved by a-test at 2020-11-05T10:02:00.000Z came first',
    });
  });

  it('of another project in the same context decides nothing', () => {
    const builder = new EventBuilder();
    const triggered = builder.event(KeptnEventType.approvalTriggered, { data: { image: 'carts', tag: '1' } });
    const approval = { result: 'pass', status: 'succeeded' };
    const finished = {
      ...builder.event(KeptnEventType.approvalFinished, {
        data: { project: 'other', image: 'carts', tag: '1', approval },
      }),
      triggeredid: triggered.id,
    };
    const events = [triggered, finished];
    expect(afterApprovalFinished(finished, events).follows).toEqual([]);
    expect(approvalsOf(events)).toEqual([{ triggered }]);
  });

  it('without triggeredid, or for an approval of another context, is ignored', () => {
    const builder = new EventBuilder();
    const lost = builder.event(KeptnEventType.approvalFinished);
    expect(afterApprovalFinished(lost, [lost]).because).toContain('no triggeredid');
    const stray = { ...lost, triggeredid: 'elsewhere' };
    expect(afterApprovalFinished(stray, [stray]).because).toBe(
      'ignored: the project has no approval.triggered elsewhere in the context',
    );
  });
});
