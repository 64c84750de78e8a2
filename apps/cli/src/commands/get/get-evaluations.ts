import type { EvaluationReport } from '@keptn/api-models';
import { defineCommand } from '../../command-line/command';
import { limitFlag, limitOf, projectFlag, serviceFlag, stageFlag } from '../../command-line/shared-flags';
import { shown, shownChange, valueOf } from '../../evaluation/evaluated-gate';
import { formatTable } from '../../output/table';
import { localTime } from '../../output/time';

const BARS = '▁▂▃▄▅▆▇█';
const HIGHEST_SCORE = 100;

export const getEvaluations = defineCommand({
  words: ['get', 'evaluations'],
  aliases: ['evaluation'],
  summary: 'Show the last evaluations of a service in a stage, and where their scores go',
  flags: {
    project: projectFlag,
    stage: { ...stageFlag, required: true },
    service: { ...serviceFlag, required: true },
    indicator: { value: 'sli', many: true, summary: 'Show the values of this indicator as well' },
    limit: limitFlag,
  },
  examples: [
    { command: 'keptn get evaluations --project=sockshop --stage=dev --service=carts', says: 'The last twenty' },
    {
      command:
        'keptn get evaluations --project=sockshop --stage=dev --service=carts --indicator=response_time_p95 --limit=50',
      says: 'With the values of an indicator, and their changes',
    },
  ],
  run: async ({ limit, indicator: indicators, ...names }, session) => {
    const count = limitOf(limit);
    const { lighthouse } = await session.connect();
    const evaluations = await lighthouse.evaluations(names, count);
    await session.output.show({
      value: evaluations,
      names: evaluations.map(({ id }) => `evaluation/${id}`),
      human: evaluations.length === 0 ? 'No evaluations found' : historyText(evaluations, indicators),
    });
  },
});

function historyText(evaluations: readonly EvaluationReport[], indicators: readonly string[]): string {
  const columns = ['ENDED', 'RESULT', 'SCORE', 'TREND', ...indicators, 'LABELS', 'ID'];
  const rows = evaluations.map((evaluation, index) => [
    localTime(new Date(evaluation.time)),
    resultOf(evaluation),
    shown(evaluation.score),
    trendOf(evaluation, evaluations.slice(index + 1)),
    ...indicators.map((sli) => cellOf(evaluation, sli)),
    Object.entries(evaluation.labels)
      .map(([name, value]) => `${name}=${value}`)
      .join(','),
    evaluation.id,
  ]);
  const scores = evaluations.map(({ score }) => barOf(score)).toReversed();
  return `${formatTable({ columns, rows })}\n\nScores, oldest first: ${scores.join('')}`;
}

const resultOf = ({ result, invalidated }: EvaluationReport): string =>
  invalidated === undefined ? result : `${result} (invalid: ${invalidated.reason})`;

/** Against the last one before that counts. */
function trendOf({ score }: EvaluationReport, earlier: readonly EvaluationReport[]): string {
  const before = earlier.find(({ invalidated }) => invalidated === undefined);
  if (before === undefined) return '-';
  const difference = score - before.score;
  return difference === 0 ? '=' : `${difference > 0 ? '+' : ''}${shown(difference)}`;
}

function cellOf({ indicators }: EvaluationReport, sli: string): string {
  const indicator = indicators.find((each) => each.sli === sli);
  if (indicator === undefined || indicator.value === null) return '-';
  const value = valueOf(indicator);
  return indicator.change === null ? value : `${value} (${shownChange(indicator.change)})`;
}

function barOf(score: number): string {
  const share = Math.min(Math.max(score / HIGHEST_SCORE, 0), 1);
  return BARS[Math.round(share * (BARS.length - 1))] ?? '';
}
