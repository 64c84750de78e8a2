import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { bridgeBed, TIMEOUT_MS } from './bridge-bed';
import { base64 } from './quality-gate';

const PROJECT = `edited-${randomUUID().slice(0, 8)}`;
const FILE = `/configuration-service/v1/project/${PROJECT}/resource/notes.txt`;
const VIEW = `resources/${PROJECT}?path=notes.txt`;

const bed = bridgeBed(async (system) => {
  const shipyard = base64('stages:\n  - name: dev\n');
  expect((await system.call('POST', '/v1/project', { name: PROJECT, shipyard })).status).toBe(200);
});

beforeEach(async () => {
  await writtenByOther('first\n');
  await bed.bridge.open(VIEW);
  await expect.poll(shown).toBe('first\n');
});

const content = () => bed.bridge.page.getByLabel('Content', { exact: true });
const shown = (): Promise<string> => content().inputValue();
const button = (name: string) => bed.bridge.page.getByRole('button', { name });

const writtenByOther = async (text: string): Promise<void> => {
  const { status } = await bed.system.call('PUT', FILE, { resourceContent: base64(text) });
  expect([200, 201]).toContain(status);
};

const stored = async (): Promise<string> => {
  const { json } = await bed.system.call('GET', FILE);
  return Buffer.from((json as { resourceContent: string }).resourceContent, 'base64').toString();
};

/** An event that the files of the project may have changed with. */
const addService = async (): Promise<void> => {
  const serviceName = `service-${randomUUID().slice(0, 8)}`;
  expect((await bed.system.call('POST', `/v1/project/${PROJECT}/service`, { serviceName })).status).toBe(200);
};

describe('a file in the Bridge', { timeout: TIMEOUT_MS }, () => {
  it('is shown as it is by now, as long as nobody writes', async () => {
    await writtenByOther('second\n');
    await addService();
    await expect.poll(shown).toBe('second\n');
  });

  it('is read again whenever somebody comes back to it', async () => {
    await bed.bridge.page.getByRole('link', { name: 'History', exact: true }).click();
    await bed.bridge.isAt('History of notes.txt');
    await writtenByOther('second\n');
    await bed.bridge.page.goBack();
    await expect.poll(shown).toBe('second\n');
  });

  it('is shown beside what is written when it changes meanwhile, so that none deletes what they have not seen', async () => {
    await content().fill('mine\n');
    await writtenByOther('second\n');
    await addService();
    await bed.bridge.shows('The file was changed meanwhile');
    expect(await shown()).toBe('mine\n');
    await button('Take the other one, discard mine').click();
    expect(await shown()).toBe('second\n');
  });

  it('keeps the line ends of Windows, and says where a file has several', async () => {
    await writtenByOther('first\r\nsecond\r\n');
    await addService();
    await expect.poll(shown).toBe('first\nsecond\n');
    await content().fill('first\nthird\n');
    await button('Save').click();
    await bed.bridge.shows('Saved.');
    expect(await stored()).toBe('first\r\nthird\r\n');
    await writtenByOther('first\r\nsecond\n');
    await addService();
    await bed.bridge.shows(/The lines of this file end in several ways/);
  });

  it('is not lost by accident when the page is loaded again before it is saved', async () => {
    await content().pressSequentially('mine');
    const asked = bed.bridge.page.waitForEvent('dialog');
    await bed.bridge.page.evaluate('location.reload()');
    expect((await asked).type()).toBe('beforeunload');
    expect(bed.bridge.takeComplaints()).toEqual([expect.stringContaining('a dialog')]);
    expect(await shown()).toContain('mine');
    await button('Discard my changes').click();
    await bed.bridge.page.reload();
    await expect.poll(shown).toBe('first\n');
  });

  it('is nothing to be lost any more once it is deleted', async () => {
    await content().pressSequentially('mine');
    await bed.bridge.page.getByText('Delete this file').click();
    await bed.bridge.page.getByLabel('Name of the file to delete').fill('notes.txt');
    await button('Delete file').click();
    await bed.bridge.isAt('Resources');
    await bed.bridge.page.reload();
    await bed.bridge.isAt('Resources');
  });

  it('takes what is written while it is saved for the next change', async () => {
    let answer: () => void = () => undefined;
    const later = new Promise<void>((resolve) => (answer = resolve));
    await bed.bridge.page.route(/\/resource\/notes\.txt/, async (route) => {
      if (route.request().method() === 'PUT') await later;
      await route.continue();
    });
    await content().fill('one\n');
    const sent = bed.bridge.page.waitForRequest((request) => request.method() === 'PUT');
    await button('Save').click();
    await sent;
    await content().fill('one\ntwo\n');
    answer();
    await bed.bridge.page.locator('button:enabled', { hasText: 'Save' }).waitFor();
    expect([await stored(), await shown()]).toEqual(['one\n', 'one\ntwo\n']);
    await bed.bridge.page.unroute(/\/resource\/notes\.txt/);
    await button('Save').click();
    await bed.bridge.shows('Saved.');
    expect(await stored()).toBe('one\ntwo\n');
  });

  it('is written anew when somebody has deleted it meanwhile', async () => {
    await content().fill('mine\n');
    expect((await bed.system.call('DELETE', FILE)).status).toBe(204);
    await button('Save').click();
    await bed.bridge.shows('The file was deleted meanwhile');
    expect(await bed.bridge.examine('resource-deleted-meanwhile')).toEqual([]);
    await button('Write the file anew').click();
    await bed.bridge.shows('Saved.');
    expect(await stored()).toBe('mine\n');
    // What the page reads again meanwhile is not there either.
    const statuses = bed.bridge.takeComplaints().map((text) => /status of (\d+)/.exec(text)?.[1]);
    expect([...new Set(statuses)].toSorted()).toEqual(['404', '412']);
  });
});

describe('a command beside it', { timeout: TIMEOUT_MS }, () => {
  it('is copied, or selected where the browser does not let a page copy', async () => {
    await button('Copy command that shows the history').click();
    await button('Copied command that shows the history').waitFor();
    await bed.bridge.page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
    await button('Copy command that reads the current content').click();
    await bed.bridge.shows(/press Ctrl\+C/);
    expect(await bed.bridge.page.evaluate('getSelection().toString()')).toContain('keptn get resource notes.txt');
    expect(await bed.bridge.examine('copied')).toEqual([]);
  });
});
