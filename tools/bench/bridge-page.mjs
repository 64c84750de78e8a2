/** The Bridge in Chromium with a slowed CPU, and what can be measured in a page. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

/** Of Debian's package, as where the tests run. */
const CHROMIUM = { executablePath: '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu'] };

/** Milliseconds for anything on the page to happen. */
const PATIENCE_MS = 60_000;

/** As many as are scrolled through in half a minute. */
const PLAIN_LINES = 5_000;

/** Notes when something first appears, and every frame; runs in the page before anything else. */
const WATCH = `
globalThis.watched = { appeared: new Map(), frames: [] };
const look = (selector) => {
  if (watched.appeared.has(selector)) return;
  if (document.querySelector(selector) !== null) requestAnimationFrame(() => watched.appeared.set(selector, performance.now()));
};
watched.changes = new MutationObserver(() => ['main', 'table.board'].forEach(look));
watched.changes.observe(document, { childList: true, subtree: true });
const frame = (time) => { watched.frames.push(time); requestAnimationFrame(frame); };
requestAnimationFrame(frame);
`;

export class BridgePage {
  /**
   * @param {import('playwright-core').BrowserContext} context
   * @param {import('playwright-core').Page} page
   * @param {import('playwright-core').CDPSession} devtools
   * @param {string} address of the Bridge
   * @param {string} profile
   */
  constructor(context, page, devtools, address, profile) {
    this.context = context;
    this.page = page;
    this.devtools = devtools;
    this.address = address;
    this.profile = profile;
    /** @type {string[]} paths that were asked for since {@link takeRequests} */
    this.requests = [];
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.includes('/api/') && !pathname.endsWith('/event/stream')) this.requests.push(pathname);
    });
  }

  /** @param {string} address @param {number} slowdown of the CPU */
  static async open(address, slowdown) {
    const profile = mkdtempSync(join(tmpdir(), 'keptn-chromium-'));
    const viewport = { width: 1440, height: 900 };
    const context = await chromium.launchPersistentContext(profile, { ...CHROMIUM, viewport });
    context.setDefaultTimeout(PATIENCE_MS);
    await context.addInitScript(WATCH);
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
    return new BridgePage(context, page, devtools, address, profile);
  }

  /** @param {string} token */
  async signIn(token) {
    await this.page.goto(this.address);
    await this.page.getByLabel('API token').fill(token);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
    await this.page.locator('nav[aria-label=Views]').waitFor();
  }

  takeRequests() {
    const taken = this.requests;
    this.requests = [];
    return taken;
  }

  /** Opens a view and waits until it is there. @param {string} path below the Bridge @returns {Promise<string[]>} what it asked the API for */
  async show(path) {
    this.takeRequests();
    await this.page.goto(this.address + path);
    await this.page.locator('main h1').waitFor();
    await this.page.getByText('Loading …').waitFor({ state: 'detached' });
    await this.page.waitForLoadState('load');
    return this.takeRequests();
  }

  /** Opens a page of plain text, beside which the scrolling of a view is seen. */
  async showPlainText() {
    const lines = Array.from({ length: PLAIN_LINES }, (_, index) => `<p>line ${index + 1}</p>`);
    await this.page.goto('about:blank');
    await this.page.setContent(lines.join(''));
  }

  /** From the end of the document's answer to the first frame with something of the selector. @param {string} selector */
  async timeTo(selector) {
    // A function: the page lets no text become a script.
    await this.page.waitForFunction((wanted) => Reflect.get(globalThis, 'watched').appeared.has(wanted), selector);
    return /** @type {Promise<number>} */ (
      this.page.evaluate(
        `watched.appeared.get(${JSON.stringify(selector)}) - performance.getEntriesByType('navigation')[0].responseEnd`,
      )
    );
  }

  /** Addresses of the scripts that the view has loaded. */
  scripts() {
    return /** @type {Promise<string[]>} */ (
      this.page.evaluate(
        "performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => name.endsWith('.js'))",
      )
    );
  }

  /** Scrolls down by the wheel. @param {number} seconds @returns {Promise<number[]>} lengths of the frames, in milliseconds */
  async scroll(seconds) {
    await this.page.mouse.move(700, 600);
    await this.page.evaluate('watched.changes.disconnect(); watched.frames = []');
    const end = performance.now() + seconds * 1000;
    while (performance.now() < end) await this.page.mouse.wheel(0, 120);
    /** @type {number[]} */
    const frames = await this.page.evaluate('watched.frames');
    return frames.slice(1).map((time, index) => time - (frames[index] ?? time));
  }

  /** Memory in use by scripts after a garbage collection, in MiB. */
  async heap() {
    await this.devtools.send('HeapProfiler.collectGarbage');
    const { usedSize } = await this.devtools.send('Runtime.getHeapUsage');
    return usedSize / 2 ** 20;
  }

  async close() {
    await this.context.close();
    rmSync(this.profile, { recursive: true, force: true });
  }
}
