import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bridgeBed, TIMEOUT_MS } from './bridge-bed';
import { base64 } from './quality-gate';

const ID = randomUUID().slice(0, 8);
const PROJECT = `left-${ID}`;
const VIEWER = `viewer-${ID}`;
const FILE = `resources/${PROJECT}?path=shipyard.yaml`;

let viewerToken: string;

const bed = bridgeBed(async (system) => {
  const shipyard = base64('stages:\n  - name: dev\n');
  expect((await system.call('POST', '/v1/project', { name: PROJECT, shipyard })).status).toBe(200);
  const { json } = await system.call('POST', '/v1/token', { name: VIEWER, role: 'viewer', projects: [PROJECT] });
  viewerToken = (json as { token: string }).token;
});

const content = () => bed.bridge.page.getByLabel('Content', { exact: true });
const leave = () => bed.bridge.page.getByRole('button', { name: 'Sign out' }).click();

const signIn = async (name: string): Promise<void> => {
  await bed.bridge.isAt('Sign in to Keptn');
  await bed.bridge.signIn(await bed.system.token(), name);
};

describe('a session of the Bridge', { timeout: TIMEOUT_MS }, () => {
  it('leaves nothing that was read in another page for the next person', async () => {
    const other = await bed.browser.newPage(bed.address);
    await other.open('tokens');
    await other.shows(VIEWER);
    await bed.bridge.page.getByRole('button', { name: 'Sign out' }).click();
    await other.isAt('Sign in to Keptn');
    await bed.bridge.signIn(viewerToken, 'eve');
    await other.shows(/this needs the scope token:manage/);
    expect(await other.page.getByText(VIEWER).count()).toBe(0);
    expect(other.takeComplaints().filter((text) => !/40[13]/.test(text))).toEqual([]);
    await other.page.close();
    await leave();
    await signIn('ada');
    await bed.bridge.isAt('Projects');
  });

  it('takes what was not saved with it when somebody signs out', async () => {
    await bed.bridge.open(FILE);
    await content().fill('# of nobody else\n');
    await leave();
    await signIn('ada');
    await content().waitFor();
    expect(await content().inputValue()).not.toContain('# of nobody else');
  });

  it('that ends in the middle keeps what was not saved for the same person', async () => {
    await bed.bridge.open(FILE);
    await content().fill('# of ada\n');
    const end = async (): Promise<void> => {
      await bed.browser.forgetCookies();
      await bed.bridge.page.getByRole('button', { name: /^Save/ }).click();
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
    expect(bed.bridge.takeComplaints().filter((text) => !text.includes('401'))).toEqual([]);
  });

  it('goes on when it could not be ended, and says so', async () => {
    await bed.bridge.open('approvals');
    await bed.bridge.isAt('Approvals');
    await bed.bridge.page.route(/\/bridge\/session$/, (route) => route.abort());
    await leave();
    await bed.bridge.shows(/The Bridge cannot be reached/);
    await bed.bridge.page.unroute(/\/bridge\/session$/);
    await leave();
    await bed.bridge.isAt('Sign in to Keptn');
    expect(bed.bridge.takeComplaints().filter((text) => !/Failed to load resource|401/.test(text))).toEqual([]);
  });
});
