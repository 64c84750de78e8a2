import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { becomePresent, presentPerson } from '../../api/person';
import { sessionEnded, sessionLeft } from '../../api/session-end';
import {
  afterSaving,
  type Draft,
  draftOf,
  type DraftPlace,
  dropDraft,
  dropDraftsIn,
  dropDraftsOf,
  keepDraft,
} from './drafts';

const DRAFT: Draft = { text: 'mine', base: 'first', basedOn: '"1"' };

const by = { name: 'ada' };
const SLO: DraftPlace = { by, location: { project: 'sockshop', stage: 'dev', path: 'slo.yaml' } };
const SLI: DraftPlace = { by, location: { project: 'sockshop', stage: 'dev', path: 'sli.yaml' } };

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
    sessionLeft();
    becomePresent('ada', false);
    keepDraft(SLO, DRAFT);
  });

  it('outlives a session that ends in the middle', () => {
    sessionEnded();
    expect(draftOf(SLO)).toEqual(DRAFT);
  });

  it('is gone when the person signs out', () => {
    sessionLeft();
    expect(draftOf(SLO)).toBeUndefined();
  });

  it('is asked for before the page is closed, until it is saved or discarded', () => {
    keepDraft(SLI, DRAFT);
    dropDraft(SLO);
    expect(isAskedFor()).toBe(true);
    dropDraft(SLI);
    expect(isAskedFor()).toBe(false);
  });

  it('is not asked for once the person has signed out', () => {
    sessionLeft();
    expect(isAskedFor()).toBe(false);
  });

  it('is not asked for while somebody else is there, and is there for who has written it', () => {
    becomePresent('eve', false);
    expect(isAskedFor()).toBe(false);
    expect(draftOf({ ...SLO, by: presentPerson() })).toBeUndefined();
    becomePresent('ada', false);
    expect(isAskedFor()).toBe(true);
    expect(draftOf({ ...SLO, by: presentPerson() })).toEqual(DRAFT);
  });

  it('stays theirs whose name is known only later', () => {
    sessionLeft();
    becomePresent(undefined, false);
    keepDraft({ ...SLO, by: presentPerson() }, DRAFT);
    becomePresent('ada', true);
    expect(isAskedFor()).toBe(true);
    expect(draftOf(SLO)).toEqual(DRAFT);
  });

  it('goes with its file, whoever has written it', () => {
    keepDraft({ ...SLO, by: { name: 'eve' } }, DRAFT);
    keepDraft(SLI, DRAFT);
    dropDraftsOf({ ...SLO.location });
    expect(draftOf(SLO)).toBeUndefined();
    expect(draftOf({ ...SLO, by: { name: 'eve' } })).toBeUndefined();
    expect(isAskedFor()).toBe(true);
    dropDraftsOf(SLI.location);
    expect(isAskedFor()).toBe(false);
  });

  it('goes with its project', () => {
    dropDraftsIn('other');
    expect(isAskedFor()).toBe(true);
    dropDraftsIn('sockshop');
    expect(isAskedFor()).toBe(false);
    expect(draftOf(SLO)).toBeUndefined();
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
