import type { IndicatorRow } from '@keptn/api-models';
import { Scrolling } from '../../ui/page';
import { Result } from '../../ui/status';
import { comparisonOf, criteriaOf, pointsOf, valueOf } from './indicator-figures';
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
              <td className="number">{pointsOf(row)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  );
}

function Value({ row }: { readonly row: IndicatorRow }) {
  const { message, query } = row;
  return (
    <>
      <span className="number">{valueOf(row)}</span>
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

function Criteria({ row }: { readonly row: IndicatorRow }) {
  const lines = criteriaOf(row);
  return (
    <ul className="small">
      {lines.map((line, index) => (
        <li key={index} className="break">
          {line}
        </li>
      ))}
      {lines.length === 0 && <li>only informs</li>}
    </ul>
  );
}
