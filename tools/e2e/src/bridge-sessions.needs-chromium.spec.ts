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
const nameOfService = () => bed.bridge.page.getByLabel('Name of the new service');
const leave = () => bed.bridge.page.getByRole('button', { name: 'Sign out' }).click();

const signIn = async (name: string): Promise<void> => bed.bridge.signInAgain(await bed.system.token(), name);

/** Ends the session as time does; the page notices when it asks for the next thing. */
const endAndSave = async (): Promise<void> => {
  await bed.browser.forgetCookies();
  await bed.bridge.page.getByRole('button', { name: /^Save/ }).click();
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
    await endAndSave();
    await signIn('eve');
    await content().waitFor();
    expect(await content().inputValue()).not.toContain('# of ada');
    await content().fill('# of eve\n');
    await endAndSave();
    await signIn('ada');
    await content().waitFor();
    expect(await content().inputValue()).toBe('# of ada\n');
    await leave();
    await signIn('ada');
    expect(bed.bridge.takeComplaints().filter((text) => !text.includes('401'))).toEqual([]);
  });

  it('that ends in the middle of a form leaves it as it is for the same person alone, and shows it to nobody meanwhile', async () => {
    await bed.bridge.open(`actions/${PROJECT}`);
    const name = nameOfService();
    const endAndCreate = async (): Promise<void> => {
      await name.fill('orders');
      await bed.browser.forgetCookies();
      await name.press('Enter');
    };
    await endAndCreate();
    await bed.bridge.page.getByRole('dialog', { name: 'Sign in again' }).waitFor();
    expect(await bed.bridge.examine('sign-in-again')).toEqual([]);
    const isCovered = "document.elementFromPoint(innerWidth / 2, innerHeight - 1).closest('[role=dialog]') !== null";
    expect(await bed.bridge.page.evaluate<boolean>(isCovered)).toBe(true);
    await signIn('ada');
    expect(await name.inputValue()).toBe('orders');
    await bed.bridge.page.keyboard.press('Enter');
    await bed.bridge.shows('Service orders is in every stage now.');
    await endAndCreate();
    await bed.bridge.page.getByRole('dialog').waitFor();
    await signIn('eve');
    await bed.bridge.isAt(`Actions on ${PROJECT}`);
    expect(await name.inputValue()).toBe('');
    await leave();
    await signIn('ada');
    expect(bed.bridge.takeComplaints().filter((text) => !text.includes('401'))).toEqual([]);
  });

  it('that ends in the middle goes on in every page when the same person comes from an identity provider to another one', async () => {
    await bed.bridge.open(`actions/${PROJECT}`);
    await nameOfService().fill('payment');
    await bed.browser.forgetCookies();
    await nameOfService().press('Enter');
    await bed.bridge.page.getByRole('dialog').waitFor();
    const data = { token: await bed.system.token(), name: 'ada' };
    const headers = { 'x-keptn-bridge': '1' };
    const { request } = bed.bridge.page;
    expect((await request.post(`${bed.address}session`, { data, headers })).status()).toBe(200);
    const other = await bed.browser.newPage(bed.address);
    await other.open();
    await bed.bridge.page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await nameOfService().inputValue()).toBe('payment');
    await other.page.close();
    expect(bed.bridge.takeComplaints().filter((text) => !text.includes('401'))).toEqual([]);
  });

  it('is the same while nobody can say whose it is', async () => {
    await bed.bridge.open(`actions/${PROJECT}`);
    await nameOfService().fill('payment');
    await bed.bridge.page.route(/\/bridge\/session$/, async (route) => {
      const response = await route.fetch();
      const { name: _name, grants: _grants, ...json } = (await response.json()) as Record<string, unknown>;
      await route.fulfill({ response, json });
    });
    const other = await bed.browser.newPage(bed.address);
    const askAgain = async (): Promise<void> => {
      const answered = bed.bridge.page.waitForResponse(/\/bridge\/session$/);
      await other.open();
      await answered;
    };
    await askAgain();
    await bed.bridge.page.unroute(/\/bridge\/session$/);
    await askAgain();
    expect(await nameOfService().inputValue()).toBe('payment');
    await bed.bridge.page.getByText('ada', { exact: true }).waitFor();
    await other.page.close();
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
