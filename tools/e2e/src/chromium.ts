import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';

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

/** Milliseconds for anything on a page to happen on a busy machine. */
export const BROWSER_PATIENCE_MS = 20_000;

/** Chromium with an empty profile of its own. */
export class Chromium {
  private constructor(
    readonly context: BrowserContext,
    private readonly profile: string,
  ) {}

  static async launch(viewport = { width: 1440, height: 900 }): Promise<Chromium> {
    const profile = await mkdtemp(join(tmpdir(), 'keptn-chromium-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: CHROMIUM,
      args: ARGUMENTS,
      viewport,
    });
    context.setDefaultTimeout(BROWSER_PATIENCE_MS);
    return new Chromium(context, profile);
  }

  async close(): Promise<void> {
    await this.context.close();
    await rm(this.profile, { recursive: true, force: true });
  }
}
