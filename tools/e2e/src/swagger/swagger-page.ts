import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Locator, type Page } from 'playwright-core';
import { Chromium } from '../chromium';

/** Where people look at what the tests saw. */
const SCREENSHOTS = join(import.meta.dirname, '../../screenshots');

export interface ShownAnswer {
  readonly status: number;
  readonly text: string;
}

/** Input of an operation's form; what is left out stays as the page has filled it in. */
export interface Input {
  /** By their names. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Swagger UI in Chromium, used as a person uses it. */
export class SwaggerPage {
  /** What the page has complained of so far. */
  readonly complaints: string[] = [];

  private constructor(
    private readonly chromium: Chromium,
    readonly page: Page,
  ) {
    page.on('pageerror', (error) => this.complaints.push(error.message));
  }

  /** A browser with an empty profile. */
  static async launch(): Promise<SwaggerPage> {
    const chromium = await Chromium.launch({ width: 1280, height: 1400 });
    await mkdir(SCREENSHOTS, { recursive: true });
    const [first] = chromium.context.pages();
    return new SwaggerPage(chromium, first ?? (await chromium.context.newPage()));
  }

  close(): Promise<void> {
    return this.chromium.close();
  }

  /** Opens a page and waits for the title of its document. */
  async open(url: string): Promise<string> {
    await this.page.goto(url);
    return await this.title();
  }

  async title(): Promise<string> {
    const heading = await this.page.locator('.info .title').innerText();
    // The badges of the versions follow in the same heading.
    return heading.replace(/\s*\d+\.\d+\.\d+.*$/s, '');
  }

  /** Chooses a definition at the top. */
  async select(definition: string): Promise<string> {
    await this.page.locator('.topbar select').selectOption({ label: definition });
    await this.page.locator('.info .title', { hasText: definition }).waitFor();
    return await this.title();
  }

  async authorize(token: string): Promise<void> {
    await this.page.locator('.auth-wrapper .authorize').click();
    const dialog = this.page.locator('.dialog-ux');
    await dialog.locator('input').fill(token);
    await dialog.getByRole('button', { name: 'Apply credentials' }).click();
    await dialog.locator('.btn-done').click();
  }

  /** "Try it out", the input, "Execute". */
  async tryOut(tag: string, operationId: string, { parameters = {}, body }: Input = {}): Promise<ShownAnswer> {
    const operation = this.operation(tag, operationId);
    if ((await operation.locator('.opblock-body').count()) === 0) {
      await operation.locator('.opblock-summary-control').click();
    }
    await operation.locator('.try-out__btn').click();
    for (const [name, value] of Object.entries(parameters)) {
      await operation.locator(`tr[data-param-name="${name}"] input`).fill(value);
    }
    if (body !== undefined) {
      await operation.locator('.body-param textarea').fill(body);
    }
    await operation.locator('.execute').click();
    const answer = operation.locator('.live-responses-table .response');
    const status = await answer.locator('.response-col_status').innerText();
    const text = await answer.locator('.response-col_description').innerText();
    return { status: Number.parseInt(status, 10), text };
  }

  operation(tag: string, operationId: string): Locator {
    return this.page.locator(`[id="operations-${tag.replaceAll(' ', '_')}-${operationId}"]`);
  }

  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
  }
}
