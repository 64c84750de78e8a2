import type { EvaluationReport, IndicatorRow } from '@keptn/api-models';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { shortNumber } from '../../ui/number';
import { kindOfResult, StatusMark } from '../../ui/status';
import { ShortTime } from '../../ui/time';
import { type IndicatorSeries } from './indicator-series';
import './heatmap.css';

export interface HeatmapProps {
  /** Oldest first. */
  readonly evaluations: readonly EvaluationReport[];
  readonly series: readonly IndicatorSeries[];
  readonly selected: EvaluationReport;
}

/** So near counts as the end: positions are rounded where a page is zoomed. */
const END_PIXELS = 2;

/** Indicators by evaluations. A cell has a shape, a colour and the value; a column is chosen by the link at its top. */
export function Heatmap({ evaluations, series, selected }: HeatmapProps) {
  const region = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const newest = evaluations.at(-1)?.id;
  useEffect(() => {
    // Who looks at older ones is not taken away from them.
    if (isAtEnd.current) region.current?.scrollTo({ left: region.current.scrollWidth });
  }, [newest]);
  const classOf = ({ id }: EvaluationReport): string | undefined =>
    id === selected.id ? 'heatmap-selected' : undefined;
  return (
    <div
      className="scrolling"
      role="region"
      aria-label="Heatmap"
      tabIndex={0}
      ref={region}
      onScroll={({ currentTarget: { scrollLeft, clientWidth, scrollWidth } }) => {
        isAtEnd.current = scrollLeft + clientWidth > scrollWidth - END_PIXELS;
      }}
    >
      <table className="heatmap">
        <thead>
          <tr>
            <th scope="col">Evaluation</th>
            {evaluations.map((evaluation) => (
              <th key={evaluation.id} scope="col" className={classOf(evaluation)}>
                <ColumnHead evaluation={evaluation} selected={selected} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Score</th>
            {evaluations.map((evaluation) => (
              <td key={evaluation.id} className={classOf(evaluation)}>
                <Cell result={evaluation.result} value={evaluation.score} />
              </td>
            ))}
          </tr>
          {series.map(({ sli, name, rows }) => (
            <tr key={sli}>
              <th scope="row">{name}</th>
              {evaluations.map((evaluation, index) => (
                <td key={evaluation.id} className={classOf(evaluation)}>
                  <IndicatorCell row={rows[index]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ColumnHead({
  evaluation,
  selected,
}: {
  readonly evaluation: EvaluationReport;
  readonly selected: EvaluationReport;
}) {
  const { id, time, invalidated } = evaluation;
  const isSelected = id === selected.id;
  return (
    <>
      <Link
        from="/evaluations/$project/$stage/$service"
        to="."
        search={({ until }) => ({ ...(until !== undefined && { until }), evaluation: id })}
        aria-current={isSelected ? 'true' : undefined}
        resetScroll={false}
        replace
      >
        <ShortTime at={time} />
      </Link>
      {isSelected && <span className="heatmap-word">shown below</span>}
      {selected.comparedEvents.includes(id) && <span className="heatmap-word">compared</span>}
      {invalidated !== undefined && <span className="heatmap-word">invalid</span>}
    </>
  );
}

function IndicatorCell({ row }: { readonly row: IndicatorRow | undefined }) {
  if (row === undefined) return <span className="muted small">not asked</span>;
  return <Cell result={row.status} value={row.value} />;
}

function Cell({ result, value }: { readonly result: string; readonly value: number | null }) {
  return (
    <span className={`heatmap-cell status-${kindOfResult(result)}`}>
      <StatusMark kind={kindOfResult(result)} label={result} />
      <span className="number" title={value === null ? undefined : String(value)}>
        {value === null ? 'none' : shortNumber(value)}
      </span>
    </span>
  );
}
