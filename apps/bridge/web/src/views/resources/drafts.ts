/**
 * What was written and not saved, by the resource that it is for. It outlives the view, so that neither a session that ends in the middle
 * nor a glance at another page costs anybody their work. It is in memory only.
 */
const drafts = new Map<string, Draft>();

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
};

export const dropDraft = (key: string): void => {
  drafts.delete(key);
};
