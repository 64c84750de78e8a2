/** An evaluation that did not take place: what it ends with, and why, in the words of Keptn 0.7. */
export function notEvaluated<const Result extends string>(result: Result, message: string) {
  return { result, message, score: 0, indicatorResults: null, comparedEvents: null };
}
