import { type PreviewedEvaluations } from '../../api/lighthouse';
import { defineCommand } from '../../command-line/command';
import { projectFlag, serviceFlag, stageFlag } from '../../command-line/shared-flags';
import { shown } from '../../evaluation/evaluated-gate';
import { UsageFailure } from '../../failures/failure';
import { readInput } from '../../input/read-input';
import { decodeText } from '../../input/text';
import { localTime } from '../../output/time';

const STANDARD = '20';
/** What the server shows at most. */
const MOST = 50;

export const previewEvaluations = defineCommand({
  words: ['preview', 'evaluations'],
  summary: 'Show what the last evaluations would have come to with another SLO file; nothing is stored',
  flags: {
    project: projectFlag,
    stage: { ...stageFlag, required: true },
    service: { ...serviceFlag, required: true },
    slo: { value: 'file', required: true, completes: 'file', summary: 'The SLO file; - for stdin' },
    last: { value: 'number', summary: `How many evaluations; ${STANDARD} unless given` },
  },
  examples: [
    {
      command: 'keptn preview evaluations --project=sockshop --stage=dev --service=carts --slo=slo.yaml',
      says: 'Try an SLO file on the last twenty evaluations',
    },
  ],
  run: async ({ slo: file, last = STANDARD, ...names }, session) => {
    const count = Number(last);
    if (!Number.isSafeInteger(count) || count < 1 || count > MOST) {
      throw new UsageFailure(`--last must be a number from 1 to ${MOST}`);
    }
    const slo = decodeText(await readInput(file, session.signal), file);
    const { lighthouse } = await session.connect();
    const { evaluations, findings } = await lighthouse.preview(names, slo, count);
    for (const finding of findings) session.output.warn(`${file}, ${finding}`);
    await session.output.show({
      value: evaluations,
      names: evaluations.map(({ id }) => `evaluation/${id}`),
      human:
        evaluations.length === 0
          ? 'No evaluations with values found'
          : { columns: ['ENDED', 'WAS', 'SCORE', 'WOULD BE', 'SCORE', 'BECAUSE'], rows: evaluations.map(rowOf) },
    });
  },
});

const rowOf = ({ time, was, result, score, reasons }: PreviewedEvaluations['evaluations'][number]): string[] => [
  localTime(new Date(time)),
  was.result,
  shown(was.score),
  result,
  shown(score),
  reasons.filter((reason) => reason.startsWith('fail: ')).at(0) ?? reasons.at(-1) ?? '',
];
