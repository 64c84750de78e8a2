import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { BridgeBrowser, type BridgePage } from './bridge-page';
import { type LaunchedSystem, newLaunch, removeData, startSystem } from './running-system';

/** Milliseconds; a browser on a busy machine. */
export const TIMEOUT_MS = 120_000;

interface Parts {
  readonly system: LaunchedSystem;
  readonly browser: BridgeBrowser;
  readonly bridge: BridgePage;
}

/** A system of its own, and a page of its Bridge in which somebody has signed in with the API token. */
class BridgeBed {
  private parts: Partial<Parts> = {};

  get system(): LaunchedSystem {
    return this.part('system');
  }

  get browser(): BridgeBrowser {
    return this.part('browser');
  }

  get bridge(): BridgePage {
    return this.part('bridge');
  }

  /** Of the Bridge, e.g. `http://localhost:8080/bridge/`. */
  get address(): string {
    return `http://localhost:${this.system.launch.firstPort}/bridge/`;
  }

  async start(prepare: (system: LaunchedSystem) => Promise<void>, name: string): Promise<void> {
    const system = await startSystem(await newLaunch());
    this.parts = { system };
    await prepare(system);
    this.parts = { system, ...(await BridgeBrowser.signedIn(system, name)) };
  }

  async end(): Promise<void> {
    const { system, browser } = this.parts;
    await browser?.close();
    await system?.interrupt();
    if (system !== undefined) await removeData(system.launch);
  }

  private part<Name extends keyof Parts>(name: Name): Parts[Name] {
    const part = this.parts[name];
    if (part === undefined) throw new Error(`the ${name} has not been started`);
    return part;
  }
}

/**
 * Starts a bed before the tests of a file, and ends it behind them. What the browser complains of fails any test that has not asked
 * for it.
 *
 * @param prepare makes what is there before somebody signs in
 * @param options.name of whoever signs in
 * @param options.timeout of both, in milliseconds
 */
export function bridgeBed(
  prepare: (system: LaunchedSystem) => Promise<void>,
  { name = 'ada', timeout = TIMEOUT_MS } = {},
): BridgeBed {
  const bed = new BridgeBed();
  beforeAll(() => bed.start(prepare, name), timeout);
  afterAll(() => bed.end(), timeout);
  afterEach(() => {
    expect(bed.bridge.takeComplaints()).toEqual([]);
  });
  return bed;
}
