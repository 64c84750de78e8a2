import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Facts } from '../../ui/facts';
import { Loaded } from '../../ui/loaded';
import { NextPage } from '../../ui/next-page';
import { Notice } from '../../ui/notice';
import { Card, Page } from '../../ui/page';
import { Result, Status } from '../../ui/status';
import { EventItem } from '../run/event-item';
import { type ExplainedEvent, toExplainedEvent } from '../run/explained-event';
import { runQuery } from '../run/run.queries';
import { remediationSteps } from './remediation-steps';
import { type ReportedProblem, reportedProblems } from './reported-problems';

const route = getRouteApi('/problem/$keptnContext');

/** The problem of a run, from its report to its end: each action, what it came to, and what is waited for. */
export function ProblemView() {
  const { keptnContext } = route.useParams();
  const query = useInfiniteQuery(runQuery(keptnContext));
  const events = useMemo(
    () => query.data?.pages.flatMap((page) => page.events.map(toExplainedEvent)) ?? [],
    [query.data],
  );
  const problems = reportedProblems(events);
  const latest = problems.find(({ isOpen }) => isOpen) ?? problems.at(-1);
  return (
    <Page
      title={latest?.fields.ProblemTitle ?? 'Problem'}
      within={[
        <Link key="problems" to="/problems">
          Problems
        </Link>,
      ]}
      actions={
        <Link className="button" to="/run/$keptnContext" params={{ keptnContext }}>
          The whole run
        </Link>
      }
    >
      <Loaded query={query}>{() => <Problems problems={problems} events={events} />}</Loaded>
      <NextPage query={query} label="More events" />
    </Page>
  );
}

const NAMED = [
  ['Address', 'ProblemURL'],
  ['Concerns', 'ImpactedEntity'],
  ['Id', 'ProblemID'],
  ['Tags', 'Tags'],
] as const;

interface ProblemsProps {
  readonly problems: readonly ReportedProblem[];
  readonly events: readonly ExplainedEvent[];
}

function Problems({ problems, events }: ProblemsProps) {
  if (problems.length === 0) return <Notice kind="neutral">No event of this run reports a problem.</Notice>;
  const awaited = events.flatMap(({ awaits }) => awaits ?? []);
  return (
    <>
      {problems.map((problem, index) => (
        <ProblemCard key={index} problem={problem} />
      ))}
      {awaited.map((text) => (
        <p key={text} className="row">
          <Status kind="running">waits</Status> <span className="break">for {text}</span>
        </p>
      ))}
      <ol className="stack">
        {remediationSteps(events).map(({ title, result, events: ofStep }, index) => (
          <li key={index} className="stack">
            <div className="row">
              <h2 className="break">{title}</h2>
              {result !== undefined && <Result result={result} />}
            </div>
            <ol className="lane-events">
              {ofStep.map((event) => (
                <li key={`${event.source} ${event.id}`}>
                  <EventItem event={event} isSelected={false} />
                </li>
              ))}
            </ol>
          </li>
        ))}
      </ol>
    </>
  );
}

function ProblemCard({ problem }: { readonly problem: ReportedProblem }) {
  const { project, stage, service, isOpen, openedAt, fields } = problem;
  return (
    <Card>
      <div className="row">
        <Status kind={isOpen ? 'bad' : 'good'}>{isOpen ? 'open' : 'closed'}</Status>
        <span className="break">
          {service} in {stage || 'no stage'} <span className="muted">of {project}</span>
        </span>
      </div>
      <Facts
        facts={[
          ['Reported', openedAt],
          ...NAMED.flatMap(([name, field]) => {
            const text = fields[field];
            return text === undefined ? [] : [[name, text] as const];
          }),
        ]}
      />
    </Card>
  );
}
