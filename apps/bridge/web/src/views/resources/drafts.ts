import { type Person, presentPerson } from '../../api/person';
import { onSessionLeft } from '../../api/session-end';
import { type ResourceLocation } from './resource-scope';

/** Whose draft it is, and of what. */
export interface DraftPlace {
  readonly by: Person;
  readonly location: ResourceLocation;
}

export interface Draft {
  readonly text: string;
  /** The version that it is based on. */
  readonly basedOn: string;
  /** The content of that version. */
  readonly base: string;
}

interface KeptDraft extends DraftPlace {
  readonly draft: Draft;
}

/**
 * What was written and not saved, by the person and the resource that it is for. It outlives the view, so that neither a session that
 * ends in the middle nor a glance at another page costs anybody their work. It is in memory only, and gone when they sign out.
 */
let drafts: readonly KeptDraft[] = [];
onSessionLeft(() => {
  keep([]);
});

export const draftOf = (place: DraftPlace): Draft | undefined => drafts.find(isAt(place))?.draft;

export const keepDraft = (place: DraftPlace, draft: Draft): void => {
  dropDraft(place);
  keep([...drafts, { ...place, draft }]);
};

export const dropDraft = (place: DraftPlace): void => {
  dropWhere(isAt(place));
};

/** What was written for a file that is deleted now, by anybody. */
export const dropDraftsOf = (location: ResourceLocation): void => {
  dropWhere((each) => isSame(each.location, location));
};

/** What was written for files of a project that is deleted now, by anybody. */
export const dropDraftsIn = (project: string): void => {
  dropWhere(({ location }) => location.project === project);
};

const isSame = (one: ResourceLocation, other: ResourceLocation): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

const isAt =
  ({ by, location }: DraftPlace) =>
  (each: DraftPlace): boolean =>
    each.by.name === by.name && isSame(each.location, location);

const dropWhere = (isGone: (each: DraftPlace) => boolean): void => {
  keep(drafts.filter((each) => !isGone(each)));
};

/** What somebody else has written is not shown to them, so that they can neither save nor discard it. */
const ask = (event: Event): void => {
  if (drafts.some(({ by }) => by.name === presentPerson().name)) event.preventDefault();
};

/** Has the browser ask whoever closes the page or loads it again, as long as that would cost them something. */
function keep(next: readonly KeptDraft[]): void {
  drafts = next;
  removeEventListener('beforeunload', ask);
  if (drafts.length > 0) addEventListener('beforeunload', ask);
}

/**
 * What is left to be saved after a text was.
 *
 * @param sent the text that was saved
 * @param saved the version that it became
 */
export const afterSaving = (draft: Draft | undefined, sent: string, saved: Omit<Draft, 'text'>): Draft | undefined =>
  draft === undefined || draft.text === sent ? undefined : { ...saved, text: draft.text };
