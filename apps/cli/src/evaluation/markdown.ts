import { cellsOf, type EvaluatedGate, locationOf, missingOf, shown, totalReasons } from './evaluated-gate';

const COLUMNS = ['Indicator', 'Value', 'Objective', 'Base', 'Change', 'Points', 'Result'];
/** Figures stand to the right. */
const ALIGNMENT = ['---', '--:', '---', '--:', '--:', '--:', '---'];

/** An evaluation as GitHub Flavored Markdown, for a comment on a pull request. */
export function markdownOf(gate: EvaluatedGate): string {
  const { result, score, start, end, indicators } = gate;
  const rows = indicators.map((indicator) => rowOf(cellsOf(indicator)));
  const frame = start === '' ? '' : `, ${start} to ${end}`;
  return [
    `### Quality gate: ${escaped(result)} (score ${shown(score)})`,
    '',
    escaped(`${locationOf(gate)}${frame}`),
    '',
    ...(rows.length > 0 ? [rowOf(COLUMNS), `|${ALIGNMENT.join('|')}|`, ...rows, ''] : []),
    ...[...missingOf(gate), ...totalReasons(gate)].map((line) => `- ${escaped(line)}`),
  ].join('\n');
}

const rowOf = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`;

/** Text that means itself: a criterion such as `<600` is no tag, a name such as `p95_ms` no emphasis. */
const escaped = (text: string): string =>
  text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_{}[\]<>()#+!|~&@-]/g, (character) => `\\${character}`);
