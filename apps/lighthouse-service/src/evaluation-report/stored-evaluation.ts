import { InvalidSlo, parseSlo, type Slo } from '@keptn/event-models';
import { type IndicatorResult, indicatorValuesOf, MOST_EARLIER_RESULTS } from '@keptn/quality-gate';
import { type LoggedEvent } from '@keptn/service-kit/reacting';
import { z } from 'zod';

/** What an event `evaluation-done` says. */
export interface StoredEvaluation {
  readonly id: string;
  readonly keptnContext: string;
  readonly time: string;
  readonly project: string;
  readonly stage: string;
  readonly service: string;
  readonly start: string;
  readonly end: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly result: string;
  readonly message: string;
  readonly score: number;
  readonly reasons: string[];
  readonly indicatorResults: readonly IndicatorResult[];
  readonly comparedEvents: string[];
  /** The SLO file as it was; empty without one. */
  readonly sloText: string;
  /** Undefined when there was none, or it cannot be read. */
  readonly slo: Slo | undefined;
}

const text = z.string().catch('');
const number = z.number().catch(0);
const list = z.array(z.unknown()).catch([]);

const target = z.object({ criteria: text, targetValue: number, violated: z.boolean().catch(true) });

const indicatorResult = z.object({
  score: number,
  value: z.unknown().transform((value) => indicatorValuesOf([value])),
  targets: z.array(target).nullable().catch(null),
  status: z.enum(['pass', 'warning', 'fail', 'info']).catch('info'),
});

const details = z.object({
  timeStart: text,
  timeEnd: text,
  result: text,
  score: number,
  sloFileContent: text,
  indicatorResults: list,
  comparedEvents: list,
});

const NO_DETAILS = details.parse({});

const evaluationDone = z.object({
  project: text,
  stage: text,
  service: text,
  labels: z.record(z.string(), z.unknown()).catch({}),
  result: text,
  evaluationdetails: details.catch(NO_DETAILS),
});

const NO_DATA = evaluationDone.parse({});

/** Anyone may have sent the event: what is missing or of another form is empty. */
export function storedEvaluationOf({ id, time, shkeptncontext, data, extensions }: LoggedEvent): StoredEvaluation {
  const { evaluationdetails, labels, ...subject } = evaluationDone.safeParse(data).data ?? NO_DATA;
  const { timeStart, timeEnd, result: message, score, sloFileContent } = evaluationdetails;
  const { reason } = extensions;
  return {
    ...{ id, time, keptnContext: shkeptncontext ?? '', ...subject },
    ...{ start: timeStart, end: timeEnd, message, score },
    labels: Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, textOf(value)])),
    reasons: typeof reason === 'string' ? reason.split('\n') : [],
    indicatorResults: evaluationdetails.indicatorResults.flatMap(indicatorResultOf),
    comparedEvents: evaluationdetails.comparedEvents
      .filter((compared) => typeof compared === 'string')
      .slice(0, MOST_EARLIER_RESULTS),
    ...sloIn(sloFileContent),
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function indicatorResultOf(item: unknown): readonly IndicatorResult[] {
  const { value: [value] = [], ...result } = indicatorResult.safeParse(item).data ?? {};
  return value === undefined || !('score' in result) ? [] : [{ ...result, value }];
}

/** In groups of four; a pattern of groups would exhaust the stack on a text of some MiB. */
const isBase64 = (text: string): boolean => text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);

/** @param content base64, or beside a failure the text itself */
function sloIn(content: string): Pick<StoredEvaluation, 'slo' | 'sloText'> {
  const sloText = isBase64(content) ? Buffer.from(content, 'base64').toString('utf8') : content;
  try {
    return { sloText, slo: parseSlo(sloText) };
  } catch (error) {
    if (error instanceof InvalidSlo) return { sloText, slo: undefined };
    throw error;
  }
}
