import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BridgeBrowser, type BridgePage } from './bridge-page';
import { base64 } from './quality-gate';
import { type LaunchedSystem, newLaunch, removeData, startSystem } from './running-system';

/** Milliseconds; a browser on a busy machine. */
const TIMEOUT_MS = 120_000;

const ID = randomUUID().slice(0, 8);
const PROJECT = `left-${ID}`;
const VIEWER = `viewer-${ID}`;
const FILE = `resources/${PROJECT}?path=shipyard.yaml`;

let system: LaunchedSystem;
let browser: BridgeBrowser;
let bridge: BridgePage;
let viewerToken: string;

beforeAll(async () => {
  system = await startSystem(await newLaunch());
  const shipyard = base64('stages:\n  - name: dev\n');
  expect((await system.call('POST', '/v1/project', { name: PROJECT, shipyard })).status).toBe(200);
  const { json } = await system.call('POST', '/v1/token', { name: VIEWER, role: 'viewer', projects: [PROJECT] });
  viewerToken = (json as { token: string }).token;
  ({ browser, bridge } = await BridgeBrowser.signedIn(system, 'ada'));
}, TIMEOUT_MS);

afterAll(async () => {
  await browser.close();
  await system.interrupt();
  await removeData(system.launch);
}, TIMEOUT_MS);

/** What the browser complains of fails any test that has not asked for it. */
afterEach(() => {
  expect(bridge.takeComplaints()).toEqual([]);
});

const content = () => bridge.page.getByLabel('Content', { exact: true });
const leave = () => bridge.page.getByRole('button', { name: 'Sign out' }).click();

const signIn = async (name: string): Promise<void> => {
  await bridge.isAt('Sign in to Keptn');
  await bridge.signIn(await system.token(), name);
};

describe('a session of the Bridge', { timeout: TIMEOUT_MS }, () => {
  it('leaves nothing that was read in another page for the next person', async () => {
    const other = await browser.newPage(`http://localhost:${system.launch.firstPort}/bridge/`);
    await other.open('tokens');
    await other.shows(VIEWER);
    await bridge.page.getByRole('button', { name: 'Sign out' }).click();
    await other.isAt('Sign in to Keptn');
    await bridge.signIn(viewerToken, 'eve');
    await other.shows(/this needs the scope token:manage/);
    expect(await other.page.getByText(VIEWER).count()).toBe(0);
    expect(other.takeComplaints().filter((text) => !/40[13]/.test(text))).toEqual([]);
    await other.page.close();
    await leave();
    await signIn('ada');
    await bridge.isAt('Projects');
  });

  it('takes what was not saved with it when somebody signs out', async () => {
    await bridge.open(FILE);
    await content().fill('# of nobody else\n');
    await leave();
    await signIn('ada');
    await content().waitFor();
    expect(await content().inputValue()).not.toContain('# of nobody else');
  });

  it('that ends in the middle keeps what was not saved for the same person', async () => {
    await bridge.open(FILE);
    await content().fill('# of ada\n');
    const end = async (): Promise<void> => {
      await browser.forgetCookies();
      await bridge.page.getByRole('button', { name: /^Save/ }).click();
    };
    await end();
    await signIn('eve');
    await content().waitFor();
    expect(await content().inputValue()).not.toContain('# of ada');
    await content().fill('# of eve\n');
    await end();
    await signIn('ada');
    await content().waitFor();
    expect(await content().inputValue()).toBe('# of ada\n');
    expect(bridge.takeComplaints().filter((text) => !text.includes('401'))).toEqual([]);
  });

  it('goes on when it could not be ended, and says so', async () => {
    await bridge.open('approvals');
    await bridge.isAt('Approvals');
    await bridge.page.route(/\/bridge\/session$/, (route) => route.abort());
    await leave();
    await bridge.shows(/The Bridge cannot be reached/);
    await bridge.page.unroute(/\/bridge\/session$/);
    await leave();
    await bridge.isAt('Sign in to Keptn');
    expect(bridge.takeComplaints().filter((text) => !/Failed to load resource|401/.test(text))).toEqual([]);
  });
});
