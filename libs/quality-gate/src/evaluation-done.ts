import { type Evaluation } from './evaluate';

/** What an evaluation is about, as the events of Keptn say it; missing texts are empty. */
export interface EvaluationSubject {
  readonly project: string;
  readonly stage: string;
  readonly service: string;
  readonly teststrategy: string;
  readonly deploymentstrategy: string;
  readonly start: string;
  readonly end: string;
  readonly labels: Readonly<Record<string, string>> | null;
}

/**
 * @param evaluation one that took place, or `notEvaluated`
 * @param sloText the SLO file; empty when there is none, or it cannot be read
 */
export function evaluationDoneOf(
  { start, end, ...subject }: EvaluationSubject,
  evaluation: Omit<Evaluation, 'result'> & { readonly result: string },
  sloText: string,
) {
  const { result, message, score, indicatorResults, comparedEvents } = evaluation;
  return {
    evaluationdetails: {
      timeStart: start,
      timeEnd: end,
      result: message,
      score,
      sloFileContent: sloFileContent(result, sloText),
      indicatorResults,
      comparedEvents,
    },
    result,
    ...subject,
  };
}

/** Base64, except beside a failure, where Keptn 0.7 leaves it as it is. It always cuts one line break at the end. */
function sloFileContent(result: string, text: string): string {
  const content = text.replace(/\n$/, '');
  return result === 'failed' ? content : Buffer.from(content, 'utf8').toString('base64');
}
