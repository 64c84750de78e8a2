import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { textIn } from '../../api/logged-event';
import { Facts } from '../../ui/facts';
import { Loaded } from '../../ui/loaded';
import { NextPage } from '../../ui/next-page';
import { Notice } from '../../ui/notice';
import { Card, Page } from '../../ui/page';
import { Result, Status } from '../../ui/status';
import { EventItem } from '../run/event-item';
import { type ExplainedEvent, toExplainedEvent } from '../run/explained-event';
import { runQuery } from '../run/run.queries';
import { isClosing, remediationSteps, reportOf } from './remediation-steps';

const route = getRouteApi('/problem/$keptnContext');

/** One problem, from its report to its end: each action, what it came to, and what is waited for. */
export function ProblemView() {
  const { keptnContext } = route.useParams();
  const query = useInfiniteQuery(runQuery(keptnContext));
  const events = useMemo(
    () => query.data?.pages.flatMap((page) => page.events.map(toExplainedEvent)) ?? [],
    [query.data],
  );
  const report = reportOf(events);
  return (
    <Page
      title={(report && textIn(report.data, 'ProblemTitle')) || 'Problem'}
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
      <Loaded query={query}>{() => <Problem events={events} />}</Loaded>
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

function Problem({ events }: { readonly events: readonly ExplainedEvent[] }) {
  const report = reportOf(events);
  if (report === undefined) return <Notice kind="neutral">No event of this run reports a problem.</Notice>;
  const isClosed = events.some(isClosing);
  const awaited = events.flatMap(({ awaits }) => awaits ?? []);
  return (
    <>
      <Card>
        <div className="row">
          <Status kind={isClosed ? 'good' : 'bad'}>{isClosed ? 'closed' : 'open'}</Status>
          <span className="break">
            {report.service} in {report.stage || 'no stage'} <span className="muted">of {report.project}</span>
          </span>
        </div>
        <Facts
          facts={[
            ['Reported', report.time],
            ...NAMED.map(([name, field]) => [name, textIn(report.data, field)] as const).filter(
              ([, text]) => text !== '',
            ),
          ]}
        />
        {awaited.map((text) => (
          <p key={text} className="row">
            <Status kind="running">waits</Status> <span className="break">for {text}</span>
          </p>
        ))}
      </Card>
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
