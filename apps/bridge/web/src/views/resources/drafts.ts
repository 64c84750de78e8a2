import { onSessionLeft } from '../../api/session-end';

/**
 * What was written and not saved, by the person and the resource that it is for. It outlives the view, so that neither a session that
 * ends in the middle nor a glance at another page costs anybody their work. It is in memory only, and gone when they sign out.
 */
const drafts = new Map<string, Draft>();
onSessionLeft(() => {
  drafts.clear();
  askBeforeUnload();
});

export interface Draft {
  readonly text: string;
  /** The version that it is based on. */
  readonly basedOn: string;
  /** The content of that version. */
  readonly base: string;
}

export const draftOf = (key: string): Draft | undefined => drafts.get(key);

export const keepDraft = (key: string, draft: Draft): void => {
  drafts.set(key, draft);
  askBeforeUnload();
};

export const dropDraft = (key: string): void => {
  drafts.delete(key);
  askBeforeUnload();
};

const ask = (event: Event): void => {
  event.preventDefault();
};

/** Has the browser ask whoever closes the page or loads it again, as long as that would cost them something. */
function askBeforeUnload(): void {
  removeEventListener('beforeunload', ask);
  if (drafts.size > 0) addEventListener('beforeunload', ask);
}

/**
 * What is left to be saved after a text was.
 *
 * @param sent the text that was saved
 * @param saved the version that it became
 */
export const afterSaving = (draft: Draft | undefined, sent: string, saved: Omit<Draft, 'text'>): Draft | undefined =>
  draft === undefined || draft.text === sent ? undefined : { ...saved, text: draft.text };
