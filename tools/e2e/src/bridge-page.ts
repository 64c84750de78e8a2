import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

/** Of Debian's package. */
const CHROMIUM = '/usr/bin/chromium';

/** A browser that asks nobody else for anything. */
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where people look at what the tests saw. */
const SCREENSHOTS = join(import.meta.dirname, '../screenshots/bridge');

/** Milliseconds for anything on the page to happen on a busy machine. */
const PATIENCE_MS = 20_000;

const SCHEMES = ['light', 'dark'] as const;
const WIDTHS = [1440, 390];
const HEIGHT = 900;

/** A browser with an empty profile of its own, used as a person uses it. */
export class BridgeBrowser {
  private constructor(
    private readonly profile: string,
    private readonly context: BrowserContext,
  ) {}

  static async launch(): Promise<BridgeBrowser> {
    const profile = await mkdtemp(join(tmpdir(), 'keptn-chromium-'));
    const context = await chromium.launchPersistentContext(profile, { executablePath: CHROMIUM, args: ARGUMENTS });
    await mkdir(SCREENSHOTS, { recursive: true });
    return new BridgeBrowser(profile, context);
  }

  /** @param address of the Bridge, e.g. `http://localhost:8080/bridge/` */
  async newPage(address: string): Promise<BridgePage> {
    return new BridgePage(await this.context.newPage(), address);
  }

  /** What happens to a session that is over. */
  forgetCookies(): Promise<void> {
    return this.context.clearCookies();
  }

  cookies(): ReturnType<BrowserContext['cookies']> {
    return this.context.cookies();
  }

  async close(): Promise<void> {
    await this.context.close();
    await rm(this.profile, { recursive: true, force: true });
  }
}

/** One page of the Bridge, which writes down whatever the browser complains of. */
export class BridgePage {
  private complaints: string[] = [];

  constructor(
    readonly page: Page,
    private readonly address: string,
  ) {
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => this.complaints.push(error.message));
    // Violations of the Content-Security-Policy are among them.
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol.startsWith('http') && origin !== new URL(address).origin)
        this.complaints.push(`asks ${request.url()}`);
    });
    page.on('dialog', (dialog) => {
      this.complaints.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
  }

  /** Complaints since the last call. */
  takeComplaints(): readonly string[] {
    const taken = this.complaints;
    this.complaints = [];
    return taken;
  }

  /** @param path below the Bridge */
  async open(path = ''): Promise<void> {
    await this.page.goto(`${this.address}${path}`);
  }

  async signIn(token: string, name: string): Promise<void> {
    await this.page.getByLabel('API token').fill(token);
    await this.page.getByLabel(/^Your name/).fill(name);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
  }

  /** Resolves when the text is to be seen. */
  async shows(text: RegExp | string): Promise<void> {
    await this.page.getByText(text).first().waitFor();
  }

  /** Resolves when the page is called so and nothing is waited for. */
  async isAt(title: RegExp | string): Promise<void> {
    await this.page.getByRole('heading', { level: 1, name: title }).waitFor();
    await this.page.getByText('Loading …').waitFor({ state: 'detached' });
  }

  /**
   * Draws the page in both schemes and at two widths.
   *
   * @returns what axe finds wrong with it, and what makes it wider than a small screen
   */
  async examine(name: string): Promise<readonly string[]> {
    const findings: string[] = [];
    await this.page.evaluate(axe.source);
    for (const colorScheme of SCHEMES) {
      await this.page.emulateMedia({ colorScheme });
      for (const width of WIDTHS) {
        await this.page.setViewportSize({ width, height: HEIGHT });
        const file = `${name}-${colorScheme}-${width}.png`;
        await this.page.screenshot({ path: join(SCREENSHOTS, file), fullPage: true });
        const contentWidth = await this.page.evaluate<number>('document.documentElement.scrollWidth');
        if (contentWidth > width) findings.push(`${file}: ${contentWidth} pixels wide`);
      }
      await this.page.setViewportSize({ width: 1440, height: HEIGHT });
      const { violations } = await this.page.evaluate<axe.AxeResults>('axe.run()');
      findings.push(...violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${colorScheme}: ${id} ${html}`)));
    }
    await this.page.emulateMedia({ colorScheme: 'light' });
    return findings;
  }
}
