/** Which evaluations are shown, and of which everything; both are in the URL. */
export interface ShownEvaluation {
  /** Id of the last one that is shown; the newest when absent. */
  readonly until?: string;
  /** Id of the one that is shown with everything; the one that was the last when the view was opened, when absent. */
  readonly evaluation?: string;
}

export function readShownEvaluation(given: Readonly<Record<string, unknown>>): ShownEvaluation {
  const [until, evaluation] = [textOf(given['until']), textOf(given['evaluation'])];
  return { ...(until !== undefined && { until }), ...(evaluation !== undefined && { evaluation }) };
}

/** Ids that look like numbers come as numbers. */
const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
};
