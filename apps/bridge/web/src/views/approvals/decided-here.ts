import type { OpenApproval } from '@keptn/api-models';

/** An approval that was decided in this view, and where it stood in the list then. */
export interface DecidedApproval {
  readonly approval: OpenApproval;
  readonly index: number;
}

/** By the id of the event that asks for it. */
export type DecidedApprovals = ReadonlyMap<string, DecidedApproval>;

/** The open approvals, and between them those that were decided here: whoever has decided one is to see what came of it. */
export function withDecided(open: readonly OpenApproval[], decided: DecidedApprovals): readonly OpenApproval[] {
  const openIds = new Set(open.map(({ eventId }) => eventId));
  const gone = [...decided.values()].filter(({ approval }) => !openIds.has(approval.eventId));
  return gone
    .toSorted((one, other) => one.index - other.index)
    .reduce((list, { approval, index }) => list.toSpliced(index, 0, approval), open);
}
