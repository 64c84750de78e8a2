import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

const SIGNED_OUT = { signedIn: false, takesPassword: false, signInWith: [] };

/** What was told, and in which channel. */
let told: [string, unknown][] = [];

class PlayedChannel extends EventTarget {
  constructor(private readonly name: string) {
    super();
  }

  postMessage(message: unknown): void {
    told.push([this.name, message]);
  }
}

const answer = vi.fn<typeof fetch>();

/** A page of an installation that has just been opened. */
const pageAt = (path: string) => {
  vi.stubGlobal('document', { baseURI: `https://keptn.example${path}` });
  vi.resetModules();
  return import('./session');
};

beforeAll(() => {
  vi.stubGlobal('BroadcastChannel', PlayedChannel);
  vi.stubGlobal('fetch', answer);
});
beforeEach(() => {
  told = [];
});
afterEach(() => {
  answer.mockReset();
});
afterAll(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe('a page', () => {
  it('that is signed out tells the other pages of its installation, and of no other on the same host', async () => {
    answer.mockImplementation(() => Promise.resolve(Response.json(SIGNED_OUT)));
    await (await pageAt('/here/bridge/')).signOut();
    await (await pageAt('/there/bridge/')).signOut();
    expect(told).toEqual([
      ['keptn-session /here/bridge/', 'signed out'],
      ['keptn-session /there/bridge/', 'signed out'],
    ]);
  });

  it.each([
    [true, ['signed in']],
    [false, []],
  ])('that is signed in when it is opened tells the others: %s', async (signedIn, expected) => {
    answer.mockResolvedValue(Response.json({ ...SIGNED_OUT, signedIn }));
    await (await pageAt('/bridge/')).openSession();
    expect(told.map(([, message]) => message)).toEqual(expected);
  });
});
