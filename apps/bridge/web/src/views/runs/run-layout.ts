import type { Run } from '@keptn/api-models';

/** Where the list of runs is, in pixels. */
export interface ListFrame {
  /** From the top of the document. */
  readonly top: number;
  readonly width: number;
  /** One rem. */
  readonly rem: number;
}

/** How the runs of a list are laid out; nothing has to be measured, however many there are. */
export interface RunLayout {
  /** In which the steps of a run stand below those of the others. */
  readonly columns: number;
  /** @returns in pixels, with the gap to the next run */
  readonly heightOf: (run: Run) => number;
}

/** In rem, as in runs.css. */
const PADDING_INLINE = 1;
const PADDING_BLOCK = 0.75;
const LINE = 1.5;
const LINE_GAP = 0.25;
const STEP_WIDTH = 14;
const STEP_GAP = 0.75;
const RUN_GAP = 0.5;

/** Left and right, or above and below, in pixels. */
const BORDERS = 2;

export function runLayout({ width, rem }: Pick<ListFrame, 'rem' | 'width'>): RunLayout {
  const inner = width - BORDERS - 2 * PADDING_INLINE * rem;
  const columns = Math.max(1, Math.floor((inner + STEP_GAP * rem) / ((STEP_WIDTH + STEP_GAP) * rem)));
  const heightOf = ({ images, labels, steps }: Run): number => {
    const subjectLines = images.length + labels.length > 0 ? 1 : 0;
    const lines = 1 + subjectLines + Math.ceil(steps.length / columns);
    return BORDERS + (2 * PADDING_BLOCK + lines * LINE + (lines - 1) * LINE_GAP + RUN_GAP) * rem;
  };
  return { columns, heightOf };
}
