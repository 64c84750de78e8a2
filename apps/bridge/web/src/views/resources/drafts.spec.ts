import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { sessionEnded, sessionLeft } from '../../api/session-end';
import { afterSaving, type Draft, draftOf, dropDraft, keepDraft } from './drafts';

const DRAFT: Draft = { text: 'mine', base: 'first', basedOn: '"1"' };

/** Stands in for the window of a page. */
const page = new EventTarget();

/** Whether the browser asks before it closes the page. */
const isAskedFor = (): boolean => !page.dispatchEvent(new Event('beforeunload', { cancelable: true }));

beforeAll(() => {
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
});
afterAll(() => {
  vi.unstubAllGlobals();
});

describe('what was written and not saved', () => {
  beforeEach(() => {
    keepDraft('ada slo.yaml', DRAFT);
  });

  it('outlives a session that ends in the middle', () => {
    sessionEnded();
    expect(draftOf('ada slo.yaml')).toEqual(DRAFT);
  });

  it('is gone when the person signs out', () => {
    sessionLeft();
    expect(draftOf('ada slo.yaml')).toBeUndefined();
  });

  it('is asked for before the page is closed, until it is saved or discarded', () => {
    keepDraft('ada sli.yaml', DRAFT);
    dropDraft('ada slo.yaml');
    expect(isAskedFor()).toBe(true);
    dropDraft('ada sli.yaml');
    expect(isAskedFor()).toBe(false);
  });

  it('is not asked for once the person has signed out', () => {
    sessionLeft();
    expect(isAskedFor()).toBe(false);
  });

  it('is nothing once it is saved', () => {
    expect(afterSaving(DRAFT, 'mine', { base: 'mine', basedOn: '"2"' })).toBeUndefined();
  });

  it('is what was written while it was being saved, on top of that', () => {
    const saved = { base: 'mine', basedOn: '"2"' };
    expect(afterSaving({ ...DRAFT, text: 'mine, and more' }, 'mine', saved)).toEqual({
      ...{ text: 'mine, and more', base: 'mine', basedOn: '"2"' },
    });
  });
});
