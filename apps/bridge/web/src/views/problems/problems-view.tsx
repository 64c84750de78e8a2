import type { ProblemReport } from '@keptn/api-models';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { type SubmitEvent } from 'react';
import { Button } from '../../ui/button';
import { Field, textsIn } from '../../ui/form';
import { Loaded } from '../../ui/loaded';
import { NextPage } from '../../ui/next-page';
import { Notice } from '../../ui/notice';
import { Card, Page } from '../../ui/page';
import { Result, Status, StepState } from '../../ui/status';
import { Time } from '../../ui/time';
import { type ProblemFilter, readProblemFilter } from './problem-filter';
import { problemsQuery } from './problems.queries';

const route = getRouteApi('/problems');

const CHOICES = [
  ['All', undefined],
  ['Open', 'open'],
  ['Closed', 'closed'],
] as const;

/** The problems of all projects, and what is done about them. */
export function ProblemsView() {
  const filter = route.useSearch();
  const query = useInfiniteQuery(problemsQuery(filter));
  return (
    <Page title="Problems">
      <ProblemFilterForm key={JSON.stringify(filter)} filter={filter} />
      <nav className="row" aria-label="State of the problems">
        {CHOICES.map(([label, state]) => (
          <Link
            key={label}
            className="button"
            to="/problems"
            search={withState(filter, state)}
            activeOptions={{ exact: true }}
          >
            {label}
          </Link>
        ))}
      </nav>
      <Loaded query={query}>
        {({ pages }) => {
          const problems = pages.flatMap((page) => page.problems);
          return problems.length === 0 ? (
            <Notice kind="neutral">
              {query.hasNextPage
                ? 'None of the newest problems is like this. Older ones may be.'
                : 'There are no such problems. A new one appears here by itself.'}
            </Notice>
          ) : (
            <ul className="stack">
              {problems.map((problem) => (
                <li key={`${problem.keptnContext} ${problem.stage} ${problem.service}`}>
                  <ProblemCard problem={problem} />
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
      <NextPage query={query} label="More problems" />
    </Page>
  );
}

function ProblemFilterForm({ filter }: { readonly filter: ProblemFilter }) {
  const navigate = useNavigate();
  const { project, stage, service, state } = filter;
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    void navigate({ to: '/problems', search: readProblemFilter({ ...textsIn(event.currentTarget), state }) });
  };
  return (
    <form className="fields" role="search" onSubmit={submit}>
      <Field name="project" label="Project" defaultValue={project} />
      <Field name="stage" label="Stage" defaultValue={stage} />
      <Field name="service" label="Service" defaultValue={service} />
      <div className="row">
        <Button type="submit" look="main">
          Search
        </Button>
        <Button onClick={() => void navigate({ to: '/problems' })}>Clear</Button>
      </div>
    </form>
  );
}

const withState = ({ state: _state, ...rest }: ProblemFilter, state: ProblemFilter['state']): ProblemFilter => ({
  ...rest,
  ...(state !== undefined && { state }),
});

function ProblemCard({ problem }: { readonly problem: ProblemReport }) {
  const { keptnContext, project, stage, service, title, state, since, openedAt = since, entity, remediation } = problem;
  return (
    <Card>
      <h2 className="break">
        <Link to="/problem/$keptnContext" params={{ keptnContext }}>
          {title || 'Problem without a title'}
        </Link>
      </h2>
      <div className="row">
        <Status kind={state === 'open' ? 'bad' : 'good'}>{state}</Status>
        <span className="break">
          {service} in {stage || 'no stage'} <span className="muted">of {project}</span>
        </span>
        {entity !== undefined && <span className="muted small break">{entity}</span>}
        <span className="muted small">
          reported <Time at={openedAt} />
          {state === 'closed' && (
            <>
              , closed <Time at={since} />
            </>
          )}
        </span>
      </div>
      <Remediation remediation={remediation} />
    </Card>
  );
}

function Remediation({ remediation }: Pick<ProblemReport, 'remediation'>) {
  if (remediation === undefined) return <p className="muted small">No remediation has begun.</p>;
  const { state, action, result, message } = remediation;
  return (
    <div className="row small">
      <span>Remediation</span>
      {state === 'finished' && result !== undefined ? <Result result={result} /> : <StepState state={state} />}
      {action !== undefined && <span className="break">latest action: {action}</span>}
      {message !== undefined && <span className="muted break">{message}</span>}
    </div>
  );
}
