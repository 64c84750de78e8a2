import type { EvaluationReport } from '@keptn/api-models';
import { shownNumber } from '@keptn/quality-gate/shown-number';
import { Scrolling } from '../../ui/page';
import { shortNumber } from '../../ui/number';
import { kindOfResult, Result, SHAPES } from '../../ui/status';
import { ShortTime } from '../../ui/time';
import { type ChartGeometry, chartGeometry, HEIGHT, type Point, WIDTH } from './chart-geometry';
import { limitOf, valueOf } from './indicator-figures';
import { type IndicatorSeries, limitsOf } from './indicator-series';
import './indicator-chart.css';

/** Of the shape that marks a value, in the units of the drawing; the paths of shapes fill a square of 16. */
const MARK_SIZE = 11;

export interface IndicatorChartProps {
  /** Oldest first. */
  readonly evaluations: readonly EvaluationReport[];
  readonly series: IndicatorSeries;
  readonly selected: EvaluationReport;
}

/** The values of one indicator, what was allowed, and what was compared; the same in a table below. */
export function IndicatorChart({ evaluations, series, selected }: IndicatorChartProps) {
  const geometry = chartGeometry(series);
  return (
    <section className="card indicator">
      <h3 className="break">{series.name}</h3>
      {geometry === undefined ? (
        <p className="muted small">None of these evaluations has a value of it.</p>
      ) : (
        <Drawing geometry={geometry} evaluations={evaluations} series={series} selected={selected} />
      )}
      <Legend series={series} hasCompared={evaluations.some(({ id }) => selected.comparedEvents.includes(id))} />
      <details>
        <summary className="small">As a table</summary>
        <Scrolling label={`Values of ${series.name}`}>
          <ValueTable evaluations={evaluations} series={series} selected={selected} />
        </Scrolling>
      </details>
    </section>
  );
}

function Drawing({
  geometry,
  evaluations,
  series,
  selected,
}: IndicatorChartProps & { readonly geometry: ChartGeometry }) {
  const { columns, limits, lines, lowest, highest } = geometry;
  const range = `from ${shownNumber(lowest)} to ${shownNumber(highest)}`;
  const chosen = columns[evaluations.findIndex(({ id }) => id === selected.id)];
  return (
    <svg
      className="indicator-chart"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`${series.name} in ${evaluations.length} evaluations, values and limits ${range}; all are in the table below`}
    >
      {chosen !== undefined && (
        <rect className="indicator-chosen" x={chosen.x - chosen.width / 2} width={chosen.width} y={0} height={HEIGHT} />
      )}
      <text x={2} y={18}>
        {shortNumber(highest)}
      </text>
      <text x={2} y={HEIGHT - 16}>
        {shortNumber(lowest)}
      </text>
      {limits.map(({ kind, fromX, toX, y }, index) => (
        <line key={index} className={`limit limit-${kind}`} x1={fromX} x2={toX} y1={y} y2={y} />
      ))}
      {lines.map((points) => (
        <polyline
          key={points[0]?.index}
          className="indicator-line"
          points={points.map(({ x, y }) => `${x},${y}`).join(' ')}
        />
      ))}
      {lines.flat().map((point) => (
        <Mark key={point.index} point={point} isCompared={isCompared(evaluations[point.index], selected)} />
      ))}
    </svg>
  );
}

const isCompared = (evaluation: EvaluationReport | undefined, selected: EvaluationReport): boolean =>
  evaluation !== undefined && selected.comparedEvents.includes(evaluation.id);

function Mark({
  point: { x, y, status },
  isCompared: hasRing,
}: {
  readonly point: Point;
  readonly isCompared: boolean;
}) {
  const kind = kindOfResult(status);
  return (
    <g className={`indicator-mark indicator-mark-${kind}`}>
      {hasRing && <circle className="indicator-ring" cx={x} cy={y} r={MARK_SIZE} />}
      <circle className="indicator-ground" cx={x} cy={y} r={MARK_SIZE / 2 + 1} />
      <path
        transform={`translate(${x - MARK_SIZE / 2} ${y - MARK_SIZE / 2}) scale(${MARK_SIZE / 16})`}
        d={SHAPES[kind]}
      />
    </g>
  );
}

function Legend({ series, hasCompared }: { readonly series: IndicatorSeries; readonly hasCompared: boolean }) {
  const row = series.rows.findLast((each) => each !== undefined);
  return (
    <ul className="legend small">
      {(['pass', 'warning'] as const).flatMap((kind) =>
        row === undefined || row[kind].length === 0
          ? []
          : [
              <li key={kind}>
                <svg viewBox="0 0 24 8" aria-hidden="true">
                  <line className={`limit limit-${kind}`} x1={0} x2={24} y1={4} y2={4} />
                </svg>
                <span className="break">
                  {kind}: {row[kind].map((block) => block.join(' and ')).join(' or ')}
                </span>
              </li>,
            ],
      )}
      {hasCompared && (
        <li>
          <svg viewBox="0 0 24 12" aria-hidden="true">
            <circle className="indicator-ring" cx={12} cy={6} r={5} />
          </svg>
          compared with
        </li>
      )}
    </ul>
  );
}

function ValueTable({ evaluations, series, selected }: IndicatorChartProps) {
  return (
    <table className="value-table">
      <thead>
        <tr>
          <th scope="col">Evaluation</th>
          <th scope="col">Value</th>
          <th scope="col">Result</th>
          <th scope="col">Allowed</th>
          <th scope="col">Compared</th>
        </tr>
      </thead>
      <tbody>
        {evaluations.map((evaluation, index) => {
          const row = series.rows[index];
          return (
            <tr key={evaluation.id}>
              <th scope="row">
                <ShortTime at={evaluation.time} />
              </th>
              <td className="number">{row === undefined ? 'none' : valueOf(row)}</td>
              <td>{row === undefined ? 'not asked' : <Result result={row.status} />}</td>
              <td>
                {row === undefined
                  ? ''
                  : limitsOf(row)
                      .map(({ kind, criteria, value }) => `${kind}: ${criteria} (${limitOf(row, value)})`)
                      .join(', ')}
              </td>
              <td>{isCompared(evaluation, selected) ? 'yes' : ''}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
