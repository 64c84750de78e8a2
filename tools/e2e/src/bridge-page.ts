import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import { type BrowserContext, type Page } from 'playwright-core';
import { Chromium } from './chromium';
import { type ReachableSystem } from './running-system';

/** Where people look at what the tests saw. */
const SCREENSHOTS = join(import.meta.dirname, '../screenshots/bridge');

/** Pictures of the documentation; `cp` brings them to `docs/images`. */
const DRAWN_FOR_DOCS = join(SCREENSHOTS, 'docs');

const SCHEMES = ['light', 'dark'] as const;
const WIDTHS = [1440, 390];
const HEIGHT = 900;

/** Small enough for a file of some 50 KB. */
const DOCS_SIZE = { width: 1000, height: 620 };

/** A browser with an empty profile of its own, used as a person uses it. */
export class BridgeBrowser {
  private constructor(private readonly chromium: Chromium) {}

  static async launch(): Promise<BridgeBrowser> {
    await mkdir(DRAWN_FOR_DOCS, { recursive: true });
    return new BridgeBrowser(await Chromium.launch());
  }

  /** A browser, and a page of it in which somebody has signed in with the API token. */
  static async signedIn(
    system: ReachableSystem,
    name: string,
  ): Promise<{ readonly browser: BridgeBrowser; readonly bridge: BridgePage }> {
    const browser = await BridgeBrowser.launch();
    const bridge = await browser.newPage(`http://localhost:${system.launch.firstPort}/bridge/`);
    await bridge.open();
    await bridge.signIn(await system.token(), name);
    await bridge.isAt('Projects');
    return { browser, bridge };
  }

  /** @param address of the Bridge, e.g. `http://localhost:8080/bridge/` */
  async newPage(address: string): Promise<BridgePage> {
    return new BridgePage(await this.chromium.context.newPage(), address);
  }

  /** What happens to a session that is over. */
  forgetCookies(): Promise<void> {
    return this.chromium.context.clearCookies();
  }

  cookies(): ReturnType<BrowserContext['cookies']> {
    return this.chromium.context.cookies();
  }

  close(): Promise<void> {
    return this.chromium.close();
  }
}

/** One page of the Bridge, which writes down whatever the browser complains of. */
export class BridgePage {
  private complaints: string[] = [];

  constructor(
    readonly page: Page,
    private readonly address: string,
  ) {
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

  /** Where a session is over. Resolves when what was there before is there again. */
  async signInAgain(token: string, name: string): Promise<void> {
    await this.isAt('Sign in to Keptn');
    await this.signIn(token, name);
    await this.page.getByRole('heading', { name: 'Sign in to Keptn' }).waitFor({ state: 'detached' });
  }

  /** Resolves when the text is to be seen. */
  async shows(text: RegExp | string): Promise<void> {
    await this.page.getByText(text).first().waitFor();
  }

  /** Presses a button as somebody without a mouse does. */
  async press(name: RegExp | string): Promise<void> {
    await this.page.getByRole('button', { name }).focus();
    await this.page.keyboard.press('Enter');
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

  /** Draws the top of the page for the documentation, in both schemes. */
  async drawForDocs(name: string): Promise<void> {
    await this.page.setViewportSize(DOCS_SIZE);
    for (const colorScheme of SCHEMES) {
      await this.page.emulateMedia({ colorScheme });
      await this.page.screenshot({ path: join(DRAWN_FOR_DOCS, `bridge-${name}-${colorScheme}.png`) });
    }
    await this.page.emulateMedia({ colorScheme: 'light' });
    await this.page.setViewportSize({ width: 1440, height: HEIGHT });
  }
}
