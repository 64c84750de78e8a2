import { describe, expect, it } from 'vitest';
import { bridgeBed, TIMEOUT_MS } from './bridge-bed';
import { base64 } from './quality-gate';

const PROJECT = 'sockshop';
const SHIPYARD = 'stages:\n  - name: dev\n    deployment_strategy: direct\n  - name: production\n';
const CARTS = `/configuration-service/v1/project/${PROJECT}/stage/dev/service/carts`;
const SLO = 'spec_version: "1.0"\nobjectives:\n  - sli: response_time_p95\n';

const bed = bridgeBed(async (system) => {
  const created = [
    await system.call('POST', '/v1/project', { name: PROJECT, shipyard: base64(SHIPYARD) }),
    await system.call('POST', `/v1/project/${PROJECT}/service`, { serviceName: 'carts' }),
    await system.call('PUT', `${CARTS}/resource/slo.yaml?message=First`, { resourceContent: base64(SLO) }),
    await system.call('PUT', `${CARTS}/resource/logo.png`, { resourceContent: 'iVBORw0KGgoAAAAA' }),
  ];
  expect(created.map(({ status }) => status)).toEqual([200, 200, 201, 201]);
});

/** What the page asks the API for, beside the stream of events, until somebody calls the function that this returns. */
function watchRequests(): () => readonly string[] {
  const asked: string[] = [];
  const watch = (request: { url(): string }): void => {
    const { pathname, search } = new URL(request.url());
    if (pathname.includes('/api/') && !pathname.endsWith('/event/stream')) asked.push(pathname + search);
  };
  bed.bridge.page.on('request', watch);
  return () => {
    bed.bridge.page.off('request', watch);
    return asked;
  };
}

const sloOnServer = async (): Promise<string> => {
  const { json } = await bed.system.call('GET', `${CARTS}/resource/slo.yaml`);
  return Buffer.from((json as { resourceContent: string }).resourceContent, 'base64').toString();
};

describe('resources in the Bridge', { timeout: TIMEOUT_MS }, () => {
  const FILE = `resources/${PROJECT}?stage=dev&service=carts&path=slo.yaml`;

  it('are a tree of project, stages and services', async () => {
    await bed.bridge.open(`resources/${PROJECT}`);
    await bed.bridge.isAt('Resources');
    await bed.bridge.page.getByRole('link', { name: 'shipyard.yaml' }).waitFor();
    expect(await bed.bridge.examine('resources')).toEqual([]);
    await bed.bridge.page.getByRole('link', { name: 'slo.yaml' }).click();
    await bed.bridge.isAt('slo.yaml');
    expect(await bed.bridge.page.getByLabel('Content', { exact: true }).inputValue()).toBe(SLO);
  });

  it('are changed with a reason, which the history shows beside what changed', async () => {
    await bed.bridge.open(FILE);
    await bed.bridge.page.getByLabel('Content', { exact: true }).fill(`${SLO}  - sli: error_rate\n`);
    await bed.bridge.page.getByLabel(/^Why/).fill('Errors count as well');
    await bed.bridge.press('Save');
    await bed.bridge.shows('Saved.');
    expect(await sloOnServer()).toContain('error_rate');
    expect(await bed.bridge.examine('resource')).toEqual([]);
    await bed.bridge.page.getByRole('link', { name: 'History', exact: true }).click();
    await bed.bridge.isAt('History of slo.yaml');
    await bed.bridge.page.getByRole('listitem').getByText('Errors count as well').waitFor();
    expect(await bed.bridge.examine('resource-history')).toEqual([]);
    await bed.bridge.page.getByRole('link', { name: 'What it changed' }).click();
    await bed.bridge.shows('+   - sli: error_rate');
    expect(await bed.bridge.examine('resource-version')).toEqual([]);
  });

  it('are compared in any two versions, at an address of its own, and each view asks once', async () => {
    const resourceContent = base64(`${SLO}# third\n`);
    await bed.system.call('PUT', `${CARTS}/resource/slo.yaml?message=Third`, { resourceContent });
    await bed.bridge.open(`history/${PROJECT}?stage=dev&service=carts&path=slo.yaml`);
    const to = bed.bridge.page.getByLabel('To version');
    const first = await to.locator('option').last().getAttribute('value');
    const second = await to.locator('option').nth(2).getAttribute('value');
    await bed.bridge.page.getByLabel('From version').selectOption(first);
    await to.selectOption(second);
    await bed.bridge.press('Compare');
    await bed.bridge.shows('+   - sli: error_rate');
    expect(await bed.bridge.page.getByText('# third').count()).toBe(0);
    const asked = watchRequests();
    await bed.bridge.page.reload();
    await bed.bridge.shows('+   - sli: error_rate');
    expect(bed.bridge.page.url()).toMatch(new RegExp(`version=${first}.*to=${second}`));
    await bed.bridge.page.getByRole('link', { name: 'The other way round' }).click();
    await bed.bridge.shows('-   - sli: error_rate');
    await bed.bridge.page.getByRole('link', { name: 'To the current content' }).click();
    await bed.bridge.page.getByLabel('Content', { exact: true }).waitFor();
    // The service was created a moment ago, which the stream may tell again, so that a tree is read again.
    expect(new Set(asked()).size).toBe(3);
  });

  it('show faults where they are, and are saved with them on purpose only', async () => {
    await bed.bridge.open(FILE);
    const before = await sloOnServer();
    await bed.bridge.page.getByLabel('Content', { exact: true }).fill('spec_version: "1.0"\nobjectives: 7\n');
    await bed.bridge.press('Save');
    await bed.bridge.shows(/status 400, INVALID_FILE/);
    expect(await sloOnServer()).toBe(before);
    expect(await bed.bridge.examine('resource-faults')).toEqual([]);
    await bed.bridge.press('Go to line 2');
    expect(await bed.bridge.page.evaluate<number>('document.activeElement.selectionStart')).toBe(20);
    await bed.bridge.press('Discard my changes');
    expect(bed.bridge.takeComplaints()).toEqual([expect.stringContaining('400')]);
  });

  it('never lose what one of two people has written', async () => {
    await bed.bridge.open(FILE);
    const content = bed.bridge.page.getByLabel('Content', { exact: true });
    const mine = `${await content.inputValue()}# mine\n`;
    await content.fill(mine);
    await bed.system.call('PUT', `${CARTS}/resource/slo.yaml`, { resourceContent: base64(`# theirs\n${SLO}`) });
    await bed.bridge.press('Save');
    await bed.bridge.shows('The file was changed meanwhile');
    await bed.bridge.shows('+ # theirs');
    expect(await content.inputValue()).toBe(mine);
    expect(await bed.bridge.examine('resource-conflict')).toEqual([]);
    await bed.bridge.press('Save mine over it');
    await bed.bridge.shows('Saved.');
    expect(await sloOnServer()).toBe(mine);
    expect(bed.bridge.takeComplaints()).toEqual([expect.stringContaining('412')]);
  });

  it('keep what is written while a session ends in the middle', async () => {
    await bed.bridge.open(FILE);
    const content = bed.bridge.page.getByLabel('Content', { exact: true });
    await content.fill('# not saved yet\n');
    await bed.browser.forgetCookies();
    await bed.bridge.press('Save');
    await bed.bridge.signInAgain(await bed.system.token(), 'ada');
    expect(await content.inputValue()).toBe('# not saved yet\n');
    await bed.bridge.press('Discard my changes');
    expect(bed.bridge.takeComplaints().filter((text) => !text.includes('401'))).toEqual([]);
  });

  it('are read again when somebody comes back from a terminal beside the page', async () => {
    await bed.bridge.open(`resources/${PROJECT}`);
    await bed.bridge.isAt('Resources');
    await bed.bridge.page.getByRole('link', { name: 'slo.yaml' }).waitFor();
    await bed.system.call('PUT', `${CARTS}/resource/from-a-terminal.txt`, { resourceContent: base64('new\n') });
    for (const kind of ['blur', 'focus']) await bed.bridge.page.dispatchEvent('body', kind);
    await bed.bridge.page.getByRole('link', { name: 'from-a-terminal.txt' }).waitFor();
  });

  it('that are no text are downloaded as they are', async () => {
    await bed.bridge.open(`resources/${PROJECT}?stage=dev&service=carts&path=logo.png`);
    await bed.bridge.shows(/This file is no text: 12 bytes/);
    const [download] = await Promise.all([bed.bridge.page.waitForEvent('download'), bed.bridge.press('Download')]);
    expect(download.suggestedFilename()).toBe('logo.png');
  });

  it('are added and deleted, and none takes the place of another by accident', async () => {
    await bed.bridge.open(`resources/${PROJECT}?stage=dev&service=carts`);
    await bed.bridge.page.getByLabel(/^Path/).fill('slo.yaml');
    await bed.bridge.page.getByLabel(/^Content/).fill(SLO);
    await bed.bridge.press('Add file');
    await bed.bridge.shows(/There is such a file already/);
    expect(await bed.bridge.page.getByRole('status').getByRole('link', { name: 'slo.yaml' }).count()).toBe(1);
    expect(bed.bridge.takeComplaints()).toEqual([expect.stringContaining('412')]);
    await bed.bridge.page.getByLabel(/^Path/).fill('jmeter/load.jmx');
    await bed.bridge.press('Add file');
    await bed.bridge.isAt('jmeter/load.jmx');
    await bed.bridge.page.getByText('Delete this file').click();
    await bed.bridge.page.getByLabel('Name of the file to delete').fill('jmeter/load.jmx');
    await bed.bridge.press('Delete file');
    await bed.bridge.isAt('Resources');
    const { json } = await bed.system.call('GET', `${CARTS}/resource`);
    expect(JSON.stringify(json)).not.toContain('load.jmx');
  });
});
