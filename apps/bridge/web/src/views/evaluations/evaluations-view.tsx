import type { EvaluationReport } from '@keptn/api-models';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Code } from '../../ui/code';
import { commandLine } from '../../ui/command-line';
import { Loaded } from '../../ui/loaded';
import { NextPage } from '../../ui/next-page';
import { Card, Page } from '../../ui/page';
import { CsvDownload } from './csv-download';
import { EvaluationDetail } from './evaluation-detail';
import { evaluationsQuery, type ServiceInStage } from './evaluations.queries';
import { Heatmap } from './heatmap';
import { IndicatorChart } from './indicator-chart';
import { indicatorSeries } from './indicator-series';
import './evaluations.css';

const route = getRouteApi('/evaluations/$project/$stage/$service');

/** The evaluations of a service in a stage: all at a glance, each indicator over time, and one with everything. */
export function EvaluationsView() {
  const names = route.useParams();
  const { until } = route.useSearch();
  const { project, stage, service } = names;
  const query = useInfiniteQuery(evaluationsQuery(names, until));
  return (
    <Page
      title={`Evaluations of ${service} in ${stage}`}
      within={[
        <Link key="projects" to="/">
          Projects
        </Link>,
        <Link key="project" to="/project/$project" params={{ project }}>
          {project}
        </Link>,
      ]}
      actions={
        until !== undefined && (
          <Link
            className="button"
            activeOptions={{ exact: true }}
            to="/evaluations/$project/$stage/$service"
            params={names}
          >
            Up to the newest
          </Link>
        )
      }
    >
      <Loaded query={query}>
        {({ pages }) => {
          const newestFirst = pages.flatMap(({ evaluations }) => evaluations);
          return newestFirst.length === 0 ? (
            <NoEvaluation names={names} />
          ) : (
            <Evaluations
              key={until}
              evaluations={newestFirst.toReversed()}
              earlier={<NextPage query={query} label="Earlier evaluations" />}
            />
          );
        }}
      </Loaded>
    </Page>
  );
}

interface EvaluationsProps {
  /** Oldest first. */
  readonly evaluations: readonly EvaluationReport[];
  /** Loads those before them. */
  readonly earlier: ReactNode;
}

function Evaluations({ evaluations, earlier }: EvaluationsProps) {
  const { evaluation: chosen, until } = route.useSearch();
  // A newer one does not take the place of what somebody is looking at, or writing to.
  const [first] = useState(until ?? evaluations.at(-1)?.id);
  const selected = evaluations.find(({ id }) => id === (chosen ?? first)) ?? evaluations.at(-1);
  if (selected === undefined) return null;
  const series = indicatorSeries(evaluations);
  return (
    <>
      <section className="stack" aria-label="All at a glance">
        <Heatmap evaluations={evaluations} series={series} selected={selected} />
        <div className="row">
          {earlier}
          <CsvDownload evaluations={evaluations} />
        </div>
      </section>
      <EvaluationDetail evaluation={selected} />
      {series.length > 0 && (
        <section className="stack" aria-labelledby="indicators">
          <h2 id="indicators">Indicators over time</h2>
          <div className="indicators">
            {series.map((each) => (
              <IndicatorChart key={each.sli} evaluations={evaluations} series={each} selected={selected} />
            ))}
          </div>
        </section>
      )}
    </>
  );
}

function NoEvaluation({ names: { project, stage, service } }: { readonly names: ServiceInStage }) {
  return (
    <Card>
      <p>
        {service} was not evaluated in {stage} yet. The first evaluation appears here by itself; start one:
      </p>
      <Code
        what="command"
        text={commandLine('send event start-evaluation', [], { project, stage, service, timeframe: '5m' })}
      />
    </Card>
  );
}
