import process from 'node:process';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { BridgeBrowser, type BridgePage } from './bridge-page';
import { FUNCTIONAL, PERFORMANCE, PlayedContext, PROJECT, subject } from './played-context';
import { type LaunchedSystem, newLaunch, removeData, startSystem } from './running-system';

/** Milliseconds; a browser on a busy machine. */
const TIMEOUT_MS = 120_000;

const SHIPYARD = `
stages:
  - name: dev
    deployment_strategy: direct
    test_strategy: functional
  - name: staging
    deployment_strategy: blue_green_service
    test_strategy: performance
    approval_strategy: { pass: automatic, warning: manual }
  - name: production
    deployment_strategy: blue_green_service
    approval_strategy: { pass: manual, warning: manual }
`;

/** Each view with what it shows once it is there, and the heading of its page. */
const VIEWS: readonly (readonly [name: string, path: string, heading: RegExp, content: RegExp])[] = [
  ['projects', '', /^Projects$/, /approvals? wait/],
  ['new-project', 'new-project', /^New project$/, /Create project/],
  ['board', `project/${PROJECT}`, /^sockshop$/, /carts:0\.1\d\.\d/],
  ['runs', 'runs', /^Runs$/, /delivery of carts/],
  ['approvals', 'approvals', /^Approvals$/, /carts to production/],
  ['integrations', 'integrations', /^Integrations$/, /keptn auth/],
];

const HOSTILE = '<img src=x onerror="alert(1)">';

let system: LaunchedSystem;
let browser: BridgeBrowser;
let bridge: BridgePage;
let address: string;
let delivery: PlayedContext;

beforeAll(async () => {
  // The test judges what is deployed.
  system = await startSystem(await newLaunch({ KEPTN_WITHOUT: 'lighthouse-service' }));
  address = `http://localhost:${system.launch.firstPort}/bridge/`;
  browser = await BridgeBrowser.launch();
  bridge = await browser.newPage(address);
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

const IMAGE = 'docker.io/keptnexamples/carts';

const newApproval = async (tag: string): Promise<PlayedContext> => {
  const context = await PlayedContext.newArtifact(system, `${IMAGE}:${tag}`);
  await context.deliver('dev', 'pass', { ...FUNCTIONAL, image: IMAGE, tag });
  await context.received('sh.keptn.event.configuration.change', 3);
  await context.deliver('staging', 'pass', { ...PERFORMANCE, image: IMAGE, tag });
  await context.received('sh.keptn.event.approval.triggered');
  return context;
};

/** A new artifact, as far as its deployment in the first stage. */
const deploy = async (tag: string): Promise<void> => {
  const context = await PlayedContext.newArtifact(system, `${IMAGE}:${tag}`);
  await context.send('sh.keptn.events.deployment-finished', subject('dev', { ...FUNCTIONAL, image: IMAGE, tag }));
};

const openApprovals = async (): Promise<number> => {
  const { json } = await system.call('GET', '/shipyard-controller/v1/approval');
  return (json as { approvals: unknown[] }).approvals.length;
};

describe('the Bridge of an empty system', { timeout: TIMEOUT_MS }, () => {
  it('lets in who has the token, and says why it does not', async () => {
    await bridge.open();
    expect(await bridge.examine('sign-in')).toEqual([]);
    await bridge.signIn('not-the-token-at-all', 'ada');
    await bridge.shows(/this token is not right/);
    expect(bridge.takeComplaints()).toEqual([expect.stringContaining('401')]);
    await bridge.signIn(await system.token(), 'ada');
    await bridge.isAt('Welcome to Keptn');
  });

  it('keeps no secret where a script could find it', async () => {
    const readable = await bridge.page.evaluate<string>(
      'JSON.stringify([document.cookie, localStorage, sessionStorage, location.href])',
    );
    expect(readable).not.toContain(await system.token());
    expect(await browser.cookies()).toMatchObject([{ httpOnly: true, sameSite: 'Strict', domain: 'localhost' }]);
  });

  it('keeps what is written for a first project when somebody else creates theirs', async () => {
    await bridge.page.getByLabel('Name', { exact: true }).fill('mine');
    await bridge.shows('live');
    const shipyard = Buffer.from(SHIPYARD).toString('base64');
    expect((await system.call('POST', '/v1/project', { name: 'theirs', shipyard })).status).toBe(200);
    await bridge.page.getByRole('link', { name: 'theirs' }).waitFor();
    expect(await bridge.page.getByLabel('Name', { exact: true }).inputValue()).toBe('mine');
    expect((await system.call('DELETE', '/v1/project/theirs')).status).toBe(200);
    await bridge.isAt('Welcome to Keptn');
    await bridge.page.getByLabel('Name', { exact: true }).fill('hello');
  });

  it('leads to a first project by keyboard alone', async () => {
    expect(await bridge.examine('first-steps')).toEqual([]);
    await bridge.page.getByLabel('Name', { exact: true }).focus();
    await bridge.page.keyboard.press('Enter');
    await bridge.isAt('hello');
    await bridge.shows(/This project has no services yet/);
    expect(await bridge.examine('first-project')).toEqual([]);
    await bridge.page.getByRole('link', { name: 'Skip to the content' }).focus();
    await bridge.page.keyboard.press('Enter');
    await bridge.page.locator('#content:focus').waitFor();
    await bridge.isAt('hello');
  });
});

describe('the Bridge', { timeout: TIMEOUT_MS }, () => {
  beforeAll(async () => {
    const shipyard = Buffer.from(SHIPYARD).toString('base64');
    const created = [
      await system.call('POST', '/v1/project', { name: PROJECT, shipyard }),
      await system.call('POST', `/v1/project/${PROJECT}/service`, { serviceName: 'carts' }),
      await system.call('POST', `/v1/project/${PROJECT}/service`, { serviceName: 'carts-db' }),
    ];
    expect(created.map(({ status }) => status)).toEqual([200, 200, 200]);
    delivery = await newApproval('0.12.1');
    const bad = await PlayedContext.newArtifact(system, `${IMAGE}:0.13.0`);
    await bad.deliver('dev', 'fail', { ...FUNCTIONAL, image: IMAGE, tag: '0.13.0' });
    await PlayedContext.begin(system, 'sh.keptn.event.problem.open', {
      stage: 'production',
      State: 'OPEN',
      ProblemTitle: 'Response time degradation',
      PID: 'p1',
      ProblemID: 'p1',
    });
    await vi.waitFor(async () => {
      expect(await openApprovals()).toBe(1);
    }, 20_000);
  }, TIMEOUT_MS);

  it.each(VIEWS)(
    'shows %s in both schemes, on wide and small screens, to everyone',
    async (name, path, heading, content) => {
      await bridge.open(path);
      await bridge.isAt(heading);
      await bridge.shows(content);
      expect(await bridge.examine(name)).toEqual([]);
      if (name === 'board' || name === 'approvals') await bridge.drawForDocs(name);
    },
  );

  it('shows a run: how long what took, and each event in words and as JSON', async () => {
    await bridge.open(`run/${delivery.id}`);
    await bridge.isAt(/^Run: Configuration changed \(carts\)$/);
    await bridge.shows(/for approval\.finished/);
    await bridge.drawForDocs('run');
    await bridge.page.getByText('Deployed').first().click();
    await bridge.page.getByRole('button', { name: 'Show JSON' }).click();
    await bridge.shows('"specversion"');
    expect(await bridge.examine('run')).toEqual([]);
  });

  it('shows both times of an event whose sender has another clock than the log', async () => {
    const event = {
      type: 'io.example.late',
      source: 'a-test',
      shkeptncontext: crypto.randomUUID(),
      data: subject('dev'),
    };
    const sent = await system.call('POST', '/mongodb-datastore/event', { ...event, time: '2020-01-31T10:00:00.000Z' });
    expect(sent.status).toBe(201);
    await bridge.open(`run/${event.shkeptncontext}`);
    await bridge.shows(/years ago, stored just now/);
    await bridge.page.locator('summary').click();
    await bridge.page.getByRole('term').getByText('Stored', { exact: true }).waitFor();
  });

  it('finds runs by what is in the URL, and puts into the URL what is searched for', async () => {
    await bridge.open(`runs?image=${encodeURIComponent(`${IMAGE}:0.13.0`)}`);
    await bridge.shows('carts:0.13.0');
    expect(await bridge.page.getByRole('article').count()).toBe(1);
    await bridge.page.getByLabel('Image').fill('carts:0.13.0');
    await bridge.page.getByRole('button', { name: 'Search' }).click();
    await bridge.page.waitForURL(/image=carts%3A0\.13\.0/);
    await bridge.shows('carts:0.13.0');
    expect(await bridge.page.getByRole('article').count()).toBe(1);
    await bridge.open(`runs?keptnContext=${delivery.id}`);
    await bridge.shows('carts:0.12.1');
    expect(await bridge.page.getByRole('article').count()).toBe(1);
    await bridge.page.getByLabel('Keptn context').fill('');
    await bridge.page.getByLabel('Earlier than').fill('2020-01-01T00:00:00Z');
    await bridge.page.getByRole('button', { name: 'Search' }).click();
    await bridge.shows(/There are no runs like this/);
    await bridge.page.getByLabel('Earlier than').fill('');
    await bridge.page.getByLabel('Kind').selectOption('remediation');
    await bridge.page.getByRole('button', { name: 'Search' }).click();
    await bridge.page.waitForURL(/kind=remediation/);
  });

  it('goes on at the content of the next view, whose name it says', async () => {
    await bridge.open(`project/${PROJECT}`);
    await bridge.isAt(PROJECT);
    await bridge.page.getByRole('link', { name: 'Runs', exact: true }).first().focus();
    await bridge.page.keyboard.press('Enter');
    await bridge.isAt('Runs');
    await bridge.page.getByRole('main', { name: 'Runs' }).and(bridge.page.locator(':focus')).waitFor();
    await bridge.page.keyboard.press('Tab');
    expect(await bridge.page.locator('#content :focus').count()).toBe(1);
    await bridge.page.goBack();
    await bridge.isAt(PROJECT);
    await bridge.page.getByRole('main', { name: PROJECT }).and(bridge.page.locator(':focus')).waitFor();
  });

  it('has every view once the first one is there, so that it outlives the connection', async () => {
    const other = await browser.newPage(address);
    const last = other.page.waitForResponse(/integrations-view/);
    await other.open('runs');
    await last;
    await other.page.route(/\.js$/, (route) => route.abort());
    await other.page.getByRole('link', { name: 'Problems', exact: true }).click();
    await other.isAt('Problems');
    await other.page.close();
  });

  it('keeps everything else when a view cannot be loaded, which is tried again', async () => {
    const other = await browser.newPage(address);
    await other.page.route(/problems-view.*\.js$/, (route) => route.abort());
    await other.open('runs');
    await other.isAt('Runs');
    await other.page.getByRole('link', { name: 'Problems', exact: true }).click();
    await other.isAt('This view is not here yet');
    await other.page.getByRole('link', { name: 'Approvals', exact: true }).click();
    await other.isAt('Approvals');
    await other.page.goBack();
    await other.isAt('This view is not here yet');
    await other.page.unroute(/problems-view.*\.js$/);
    await other.press('Try again');
    await other.isAt('Problems');
    await other.page.close();
  });

  it('shows what happens without being loaded again', async () => {
    await bridge.open(`project/${PROJECT}`);
    await bridge.shows('live');
    await deploy('0.14.0');
    await bridge.shows('carts:0.14.0');
    await bridge.shows('testing');
    await bridge.page.getByRole('link', { name: 'Runs' }).first().click();
    await bridge.isAt('Runs');
    await deploy('0.15.0');
    await bridge.shows('carts:0.15.0');
  });

  it('shows what has happened while another view was looked at', async () => {
    await bridge.page.goBack();
    await bridge.isAt(PROJECT);
    await deploy('0.15.1');
    await bridge.shows('carts:0.15.1');
    await bridge.page.getByRole('link', { name: 'Runs' }).first().click();
    await bridge.isAt('Runs');
    await bridge.shows('carts:0.15.1');
  });

  it('shows what happens while a page is opened', async () => {
    const opened = bridge.open(`project/${PROJECT}`);
    await deploy('0.15.2');
    await opened;
    await bridge.shows('carts:0.15.2');
  });

  it('goes on with a list of runs whose next page could not be read, once it is tried again', async () => {
    let fails = true;
    await bridge.page.route(/\/v1\/run\?/, async (route) => {
      const url = new URL(route.request().url());
      url.searchParams.set('pageSize', '1');
      await (fails && url.searchParams.has('nextPageKey') ? route.abort() : route.continue({ url: url.href }));
    });
    await bridge.open('runs');
    const tryAgain = bridge.page.getByRole('button', { name: 'Try again' });
    await tryAgain.waitFor();
    fails = false;
    // An event of a moment ago may have had it tried again by now.
    await Promise.race([tryAgain.click(), bridge.shows('carts:0.13.0')]);
    await bridge.shows('carts:0.13.0');
    await bridge.shows('carts:0.15.0');
    await bridge.page.unroute(/\/v1\/run\?/);
    const complaints = new Set(bridge.takeComplaints().map((text) => text.replace(/: net.*/, '')));
    expect([...complaints]).toEqual(['Failed to load resource']);
  });

  it('has one of two people decide an approval, and tells the other who did', async () => {
    const other = await browser.newPage(address);
    await other.open('approvals');
    await other.shows(/carts to production/);
    // The other one's decision takes a moment, in which the approval leaves their list.
    let arrive: () => void = () => undefined;
    const late = new Promise<void>((resolve) => (arrive = resolve));
    await other.page.route(/\/v1\/approval\/./, (route) => late.then(() => route.continue()));
    await other.page.getByRole('button', { name: 'Decline carts to production' }).click();
    const left = other.page.waitForResponse(
      async (answer) => /\/v1\/approval\?/.test(answer.url()) && (await answer.text()).includes('"approvals":[]'),
    );
    await bridge.open('approvals');
    await bridge.press('Approve carts to production');
    await bridge.shows('Approved.');
    await bridge.press('Dismiss carts to production');
    await bridge.shows(/Nothing waits for a decision/);
    await left;
    arrive();
    await other.shows(/APPROVAL_DECIDED/);
    expect(await other.page.getByRole('alert').innerText()).toContain('ada');
    expect(other.takeComplaints()).toEqual([expect.stringContaining('409')]);
    await other.page.close();
    const [, decided] = await delivery.received('sh.keptn.event.approval.finished', 2);
    expect(decided).toMatchObject({ data: { stage: 'production', approval: { result: 'pass', decidedBy: 'ada' } } });
  });

  it('says what the API says', async () => {
    await bridge.open('project/nowhere');
    await bridge.shows('No project nowhere found');
    await bridge.shows(/status 404, PROJECT_NOT_FOUND, request /);
    expect(bridge.takeComplaints()).toEqual([expect.stringContaining('404')]);
    await bridge.open('new-project');
    await bridge.page.getByLabel('Name', { exact: true }).fill(PROJECT);
    await bridge.page.getByRole('button', { name: 'Create project' }).click();
    await bridge.shows(/status 409, PROJECT_EXISTS, request /);
    expect(bridge.takeComplaints()).toEqual([expect.stringContaining('409')]);
  });

  it('says when it is out of date, and catches up', async () => {
    await bridge.open(`project/${PROJECT}`);
    await bridge.shows('live');
    process.kill((await system.processOf('mongodb-datastore')).pid, 'SIGKILL');
    await bridge.shows('connection lost');
    expect(await bridge.examine('connection-lost')).toEqual([]);
    await bridge.page.getByText('live', { exact: true }).waitFor();
    await deploy('0.16.0');
    await bridge.shows('carts:0.16.0');
    expect(bridge.takeComplaints().filter((text) => !text.includes('Failed to load resource'))).toEqual([]);
  });

  it.each([
    ['dashboard', () => '', /^Projects$/],
    ['project/sockshop/carts', () => '', /^Runs$/],
    ['project/sockshop/carts/', () => delivery.id, /^Run: /],
    ['trace/', () => delivery.id, /^Run: /],
    ['trace/', () => `${delivery.id}/staging`, /^Run: /],
  ])('keeps the links of the original: %s', async (path, rest, heading) => {
    await bridge.open(path + rest());
    await bridge.isAt(heading);
  });

  it('leaves the reader in place when the stage goes on that a link is about', async () => {
    await bridge.open(`trace/${delivery.id}/staging`);
    const open = bridge.page.locator('details[open]');
    await open.waitFor();
    await bridge.page.evaluate('scrollTo(0, 0)');
    await delivery.send('io.example.note', subject('staging'));
    await bridge.shows('io.example.note');
    expect(await open.count()).toBe(1);
    expect(await bridge.page.evaluate('scrollY')).toBe(0);
  });

  it('waits for a run whose first event is still to come', async () => {
    const id = crypto.randomUUID();
    await bridge.open(`trace/${id}`);
    await bridge.shows(/No event of the run .* has been stored yet/);
    await PlayedContext.of(system, id).send('sh.keptn.event.configuration.change', subject('dev'));
    await bridge.shows('Configuration changed');
    expect(bridge.takeComplaints()).toEqual([expect.stringContaining('404')]);
  });

  it('takes nothing of an event for markup or for a link that runs', async () => {
    const context = PlayedContext.of(system, crypto.randomUUID());
    const name = 'n'.repeat(100);
    await context.send(`io.example.${'t'.repeat(60)}`, {
      ...{ project: PROJECT, stage: HOSTILE, service: name, result: HOSTILE, message: HOSTILE },
      labels: {
        ci: 'https://ci.example/build/17',
        trap: 'javascript:alert(1)',
        [HOSTILE]: HOSTILE,
        number: 5,
        none: null,
      },
    });
    await context.send('sh.keptn.events.evaluation-done', { ...subject('dev'), evaluationdetails: null, result: 7 });
    await context.send(
      'sh.keptn.events.evaluation-done',
      subject('dev', { evaluationdetails: { sloFileContent: '%%%' } }),
    );
    await bridge.open(`run/${context.id}`);
    await bridge.isAt(/^Run: io\.example/);
    for (const summary of await bridge.page.locator('summary').all()) await summary.click();
    await bridge.shows('javascript:alert(1)');
    const links = await bridge.page.evaluate<string[]>(
      "Array.from(document.querySelectorAll('dd a'), (link) => link.getAttribute('href'))",
    );
    expect(links).toEqual(['https://ci.example/build/17']);
    expect(await bridge.examine('hostile')).toEqual([]);
  });

  it('asks to sign in again where a session is over, and goes on at the same place', async () => {
    await bridge.open('runs');
    await bridge.isAt('Runs');
    await browser.forgetCookies();
    // What happens makes the page read again.
    const data = { project: PROJECT, service: 'carts', stage: 'dev', valuesCanary: {} };
    await system.call('POST', '/v1/event', { type: 'sh.keptn.event.configuration.change', source: 'ci', data });
    await bridge.signInAgain(await system.token(), 'ada');
    expect(bridge.takeComplaints().filter((text) => !text.includes('401'))).toEqual([]);
    await bridge.isAt('Runs');
  });

  it('signs out in every page at once', async () => {
    const other = await browser.newPage(address);
    await other.open('approvals');
    await other.isAt('Approvals');
    await bridge.page.getByRole('button', { name: 'Sign out' }).click();
    await other.isAt('Sign in to Keptn');
    // What either was reading at that moment is refused.
    const complaints = [bridge, other].flatMap((page) => page.takeComplaints());
    expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
    await other.page.close();
  });
});
