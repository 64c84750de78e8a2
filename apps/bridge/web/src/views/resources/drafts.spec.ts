import { beforeEach, describe, expect, it } from 'vitest';
import { sessionEnded, sessionLeft } from '../../api/session-end';
import { afterSaving, type Draft, draftOf, keepDraft } from './drafts';

const DRAFT: Draft = { text: 'mine', base: 'first', basedOn: '"1"' };

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
