import type { IndicatorRow } from '@keptn/api-models';
import { Scrolling } from '../../ui/page';
import { shownChange, shownNumber } from '../../ui/number';
import { Result } from '../../ui/status';
import { nameOf } from './indicator-series';

/** What became of each objective of one evaluation. */
export function IndicatorTable({ indicators }: { readonly indicators: readonly IndicatorRow[] }) {
  if (indicators.length === 0) return <p className="muted">This evaluation has no indicators.</p>;
  return (
    <Scrolling label="Indicators">
      <table className="indicator-table">
        <thead>
          <tr>
            <th scope="col">Indicator</th>
            <th scope="col">Result</th>
            <th scope="col">Value</th>
            <th scope="col">Compared with</th>
            <th scope="col">Criteria</th>
            <th scope="col">Points</th>
          </tr>
        </thead>
        <tbody>
          {indicators.map((row, index) => (
            <tr key={index}>
              <th scope="row">
                <span className="break">{nameOf(row)}</span>
                {row.isKeySli && <div className="muted small">key SLI</div>}
              </th>
              <td>
                <Result result={row.status} />
              </td>
              <td>
                <Value row={row} />
              </td>
              <td className="number">{comparisonOf(row)}</td>
              <td>
                <Criteria row={row} />
              </td>
              <td className="number">
                {shownNumber(row.score)} of {shownNumber(row.weight)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  );
}

function Value({ row: { value, message, query } }: { readonly row: IndicatorRow }) {
  return (
    <>
      <span className="number">{value === null ? 'none' : shownNumber(value)}</span>
      {message !== undefined && <div className="small break">{message}</div>}
      {query !== undefined && (
        <details className="small">
          <summary>Query</summary>
          <code className="break">{query}</code>
        </details>
      )}
    </>
  );
}

const comparisonOf = ({ base, change }: IndicatorRow): string => {
  if (base === null) return 'nothing';
  return change === null ? shownNumber(base) : `${shownNumber(base)} (${shownChange(change)})`;
};

/** Criteria that were looked at come with what they allowed, the others as they are in the file. */
function Criteria({ row: { pass, warning, targets } }: { readonly row: IndicatorRow }) {
  const allowed = new Map(targets.map((target) => [target.criteria, target]));
  const kinds = [
    ['pass', pass],
    ['warning', warning],
  ] as const;
  return (
    <ul className="small">
      {kinds.flatMap(([kind, blocks]) =>
        blocks.map((block, index) => (
          <li key={`${kind} ${index}`} className="break">
            {kind}: {block.map((criteria) => textOf(criteria, allowed.get(criteria))).join(' and ')}
          </li>
        )),
      )}
      {pass.length + warning.length === 0 && <li>only informs</li>}
    </ul>
  );
}

const textOf = (criteria: string, target: IndicatorRow['targets'][number] | undefined): string => {
  if (target === undefined) return criteria;
  return `${criteria} (${shownNumber(target.targetValue)}, ${target.violated ? 'violated' : 'met'})`;
};
