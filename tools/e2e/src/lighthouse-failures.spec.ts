import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type QualityGate, startedQualityGate } from './quality-gate';
import { SEPARATE_PROCESSES, startSystem } from './running-system';

const WHERE = { project: 'sockshop', stage: 'staging', service: 'carts' };
const FRAME = { start: '2020-11-05T10:00:00.000Z', end: '2020-11-05T10:05:00.000Z' };
const ABOUT = { ...WHERE, ...FRAME, teststrategy: 'manual', deploymentstrategy: '', labels: null };
const SLO = 'objectives: [{sli: a, key_sli: true, pass: [{criteria: ["<=10"]}]}]\ntotal_score: {pass: 90}';

const START = 'sh.keptn.event.start-evaluation';
const GET_SLI = 'sh.keptn.internal.event.get-sli';
const GET_SLI_DONE = 'sh.keptn.internal.event.get-sli.done';
const DONE = 'sh.keptn.events.evaluation-done';

/** Short enough to be waited for, long enough for a start of the system on a busy machine. */
const TIMEOUT_MS = 20_000;

const answered = (value: number): object => ({ ...ABOUT, indicatorValues: [{ metric: 'a', value, success: true }] });

let gate: QualityGate;

beforeAll(async () => {
  gate = await startedQualityGate({ ...SEPARATE_PROCESSES, EVALUATION_TIMEOUT_MS: String(TIMEOUT_MS) });
  await gate.createProject('sockshop', ['staging']);
  await gate.createService(WHERE, SLO);
  await gate.configureMonitoring('sockshop', 'silent');
}, 120_000);

afterAll(() => gate.stop());

describe('an evaluation under way', () => {
  it('survives the end of the whole system at each step, and ends once and as it should', async () => {
    const unanswered = await gate.send(START, ABOUT);
    await gate.awaited(unanswered, GET_SLI);
    const asked = await gate.send(START, ABOUT);
    await gate.awaited(asked, GET_SLI);
    await gate.send(GET_SLI_DONE, answered(11), asked);
    const begun = await gate.send(START, ABOUT);
    const misunderstood = await gate.send(START, ABOUT);
    await gate.awaited(misunderstood, GET_SLI);
    await gate.send(GET_SLI_DONE, { ...answered(10), labels: [] }, misunderstood);

    await gate.system.killEverything();
    gate.restarted(await startSystem(gate.system.launch));

    expect((await gate.awaited(asked, DONE)).data).toMatchObject({ result: 'fail', evaluationdetails: { score: 0 } });
    await gate.awaited(begun, GET_SLI);
    await gate.send(GET_SLI_DONE, answered(10), begun);
    expect((await gate.awaited(begun, DONE)).data).toMatchObject({ result: 'pass', evaluationdetails: { score: 100 } });
    for (const context of [unanswered, misunderstood]) {
      expect(await gate.awaited(context, DONE)).toMatchObject({
        data: { result: 'failed', evaluationdetails: { result: 'SLI provider "silent" did not answer within 20 s' } },
      });
    }
    // Too late: the evaluation has ended.
    await gate.send(GET_SLI_DONE, answered(10), unanswered);
    const after = await gate.send(START, { ...ABOUT, teststrategy: '' });
    await gate.awaited(after, DONE);
    for (const context of [unanswered, misunderstood, asked, begun, after]) {
      expect(await gate.events(context, DONE)).toHaveLength(1);
    }
  }, 120_000);

  it('ends whatever its context is called', async () => {
    const context = 'build,42 AND 43';
    await gate.store(START, ABOUT, context);
    await gate.awaited(context, GET_SLI);
    await gate.store(GET_SLI_DONE, answered(10), context);
    expect((await gate.awaited(context, DONE)).data).toMatchObject({ result: 'pass' });
  }, 120_000);

  it('ends as failed, never as a pass, when files cannot be read for too long', async () => {
    // Killed, it would be started again at once.
    const { pid } = await gate.system.processOf('configuration-service');
    process.kill(pid, 'SIGSTOP');
    const withoutFiles = await gate.send(START, ABOUT);
    const { data } = await gate.awaited(withoutFiles, DONE);
    process.kill(pid, 'SIGCONT');
    expect(data).toMatchObject({
      result: 'failed',
      evaluationdetails: {
        result: expect.stringMatching(/^the evaluation could not be made in time: configuration-service /),
        score: 0,
      },
    });
    expect(await gate.events(withoutFiles, DONE)).toHaveLength(1);
  }, 120_000);
});
