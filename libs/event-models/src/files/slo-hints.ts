import { parseCriterion } from './criterion';
import { type SloFile } from './slo.schema';
import { type Hint } from './yaml-file';

type Hints = (file: SloFile) => readonly Hint[];

const nothingToEvaluate: Hints = ({ objectives }) =>
  (objectives ?? []).length > 0 ? [] : [{ path: ['objectives'], message: 'there are none to evaluate' }];

const warningsWithoutPass: Hints = ({ objectives }) =>
  (objectives ?? []).flatMap(({ pass, warning }, index) =>
    (pass ?? []).length === 0 && (warning ?? []).length > 0
      ? [{ path: ['objectives', index, 'warning'], message: 'has no effect without pass: the objective only informs' }]
      : [],
  );

const noTotalScore: Hints = ({ objectives, total_score: total }) =>
  (objectives ?? []).some(({ pass }) => (pass ?? []).length > 0) && (total?.pass ?? '') === ''
    ? [{ path: ['total_score', 'pass'], message: 'is needed: without it every evaluation ends as failed' }]
    : [];

const emptyCriteria: Hints = ({ objectives }) =>
  (objectives ?? []).flatMap((objective, index) =>
    (['pass', 'warning'] as const).flatMap((level) =>
      (objective[level] ?? []).flatMap(({ criteria }, block) =>
        criteria.length > 0
          ? []
          : [
              {
                path: ['objectives', index, level, block, 'criteria'],
                message: `is empty, so that ${level} holds with any value that the provider answers`,
              },
            ],
      ),
    ),
  );

const unusedNumber: Hints = ({ comparison }) => {
  const number = comparison?.number_of_comparison_results ?? undefined;
  const used = comparison?.compare_with === 'single_result' ? 1 : 3;
  if (number === undefined || number === used || comparison?.compare_with === 'several_results') return [];
  return [
    {
      path: ['comparison', 'number_of_comparison_results'],
      message: `counts with compare_with: several_results only; ${used} it is without`,
    },
  ];
};

const oddCriteria: Hints = ({ objectives }) =>
  (objectives ?? []).flatMap((objective, index) =>
    (['pass', 'warning'] as const).flatMap((level) =>
      (objective[level] ?? []).flatMap(({ criteria }, block) =>
        criteria.flatMap((text, position): Hint[] => {
          const message = oddityOf(text);
          return message === undefined
            ? []
            : [{ path: ['objectives', index, level, block, 'criteria', position], message }];
        }),
      ),
    ),
  );

function oddityOf(text: string): string | undefined {
  const criterion = parseCriterion(text);
  if (criterion === undefined) return undefined;
  const compact = text.replaceAll(' ', '');
  const { operator, value, isPercentage, isIncrease, isRelative } = criterion;
  if (isPercentage && isIncrease && !compact.startsWith(`${operator}+`)) {
    return `a percentage without a sign means plus: write "${operator}+${value}%"`;
  }
  if (!isPercentage && isRelative && !isIncrease) {
    return `a minus makes it relative: the earlier value less ${value}; there are no negative fixed limits`;
  }
  return undefined;
}

/** What is legal in an SLO file, but may not mean what it seems to. */
export const SLO_HINTS: readonly Hints[] = [
  nothingToEvaluate,
  warningsWithoutPass,
  noTotalScore,
  emptyCriteria,
  unusedNumber,
  oddCriteria,
];
