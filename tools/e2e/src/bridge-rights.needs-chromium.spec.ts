import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bridgeBed, TIMEOUT_MS } from './bridge-bed';
import { base64 } from './quality-gate';

const ID = randomUUID().slice(0, 8);
const PROJECT = `zz-granted-${ID}`;
const SUBJECT = { project: PROJECT, stage: 'dev', service: 'carts' };
const SUBSCRIPTION = `granted-${ID}`;
const TYPE = `io.example.granted.${ID}`;

const send = async (type: string, data: object): Promise<void> => {
  expect((await bed.system.call('POST', '/v1/event', { type, source: 'a-test', data })).status).toBe(200);
};

const newToken = async (role: string, projects: readonly string[]): Promise<string> => {
  const { json } = await bed.system.call('POST', '/v1/token', { name: `${role}-${randomUUID()}`, role, projects });
  return (json as { token: string }).token;
};

/** Whoever was signed in before. */
const goOnAs = async (token: string): Promise<void> => {
  // The page that is open would go on reading, and be refused.
  await bed.bridge.page.goto('about:blank');
  await bed.browser.forgetCookies();
  await bed.bridge.open();
  await bed.bridge.signIn(token, 'eve');
  await bed.bridge.isAt('Projects');
};

const bed = bridgeBed(async (system) => {
  const shipyard = base64('stages:\n  - name: dev\n');
  for (const name of [`aa-others-${ID}`, PROJECT]) {
    expect((await system.call('POST', '/v1/project', { name, shipyard })).status).toBe(200);
  }
  const { status } = await system.call('POST', '/event-broker/v1/subscriptions', {
    name: SUBSCRIPTION,
    // Nobody is to be reached there.
    sink: 'https://192.0.2.1/hook',
    types: [TYPE],
    filters: [{ exact: { project: PROJECT } }],
    protocolSettings: { maxAttempts: 1, timeoutMs: 100 },
  });
  expect(status).toBe(201);
  await send(TYPE, SUBJECT);
  await send('sh.keptn.events.evaluation-done', { ...SUBJECT, result: 'pass', evaluationdetails: { score: 100 } });
});

/** The subscriptions that they were for. */
const deadLetters = async (): Promise<readonly string[]> => {
  const { json } = await bed.system.call('GET', '/event-broker/v1/deliveries?outcome=dead&pageSize=50');
  return (json as { deliveries: { subscription: string }[] }).deliveries.map(({ subscription }) => subscription);
};

const countOf = (button: RegExp | string): Promise<number> =>
  bed.bridge.page.getByRole('button', { name: button }).count();

describe('somebody with some rights', { timeout: TIMEOUT_MS }, () => {
  it('finds their project on whichever page of the list it is', async () => {
    await bed.bridge.page.route(/\/v1\/project\?|\/v1\/project$/, (route) => {
      const url = new URL(route.request().url());
      url.searchParams.set('pageSize', '1');
      return route.continue({ url: url.href });
    });
    await goOnAs(await newToken('viewer', [PROJECT]));
    await bed.bridge.page.getByRole('link', { name: PROJECT }).waitFor();
    await bed.bridge.page.unroute(/\/v1\/project\?|\/v1\/project$/);
  });

  it('is not asked to declare an evaluation invalid when they may not', async () => {
    await bed.bridge.open(`evaluations/${PROJECT}/dev/carts`);
    await bed.bridge.isAt('Evaluations of carts in dev');
    await bed.bridge.page.getByRole('heading', { name: 'Validity' }).waitFor();
    await bed.bridge.shows('It counts.');
    expect(await countOf('Declare invalid')).toBe(0);
  });

  it('is not asked to create a project when they may not, and none of theirs is there', async () => {
    await goOnAs(await newToken('viewer', [`missing-${ID}`]));
    await bed.bridge.shows(/There are no projects that you may see/);
    expect(await countOf('Create project')).toBe(0);
    expect(await bed.bridge.examine('no-projects')).toEqual([]);
  });

  it('changes a subscription to events of their project, and delivers again what went there', async () => {
    await expect.poll(deadLetters).toContain(SUBSCRIPTION);
    await goOnAs(await newToken('admin', [PROJECT]));
    await bed.bridge.open('subscriptions');
    await bed.bridge.page.getByRole('link', { name: `Change ${SUBSCRIPTION}` }).waitFor();
    await bed.bridge.open('deliveries?outcome=dead');
    await bed.bridge.page.getByRole('button', { name: new RegExp(`to ${SUBSCRIPTION}$`) }).waitFor();
    await goOnAs(await newToken('viewer', [PROJECT]));
    await bed.bridge.open('deliveries?outcome=dead');
    await bed.bridge.shows(new RegExp(`to ${SUBSCRIPTION}`));
    expect(await countOf(/^Deliver again/)).toBe(0);
  });
});
