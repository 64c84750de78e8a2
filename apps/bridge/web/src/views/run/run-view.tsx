import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { type LoggedEvent } from '../../api/logged-event';
import { Code } from '../../ui/code';
import { commandLine } from '../../ui/command-line';
import { Loaded } from '../../ui/loaded';
import { NextPage } from '../../ui/next-page';
import { Notice } from '../../ui/notice';
import { Card, Page } from '../../ui/page';
import { Status } from '../../ui/status';
import { EventItem } from './event-item';
import { type ExplainedEvent, toExplainedEvent } from './explained-event';
import { titleOf } from './event-words';
import { runQuery } from './run.queries';
import { type Selection } from './selection';
import { lanesOf } from './timeline';
import { TimelineChart } from './timeline-chart';

const route = getRouteApi('/run/$keptnContext');

/** One run: its events by stage, in the order of the log, what took how long, and what it waits for. */
export function RunView() {
  const { keptnContext } = route.useParams();
  const selection = route.useSearch();
  const query = useInfiniteQuery(runQuery(keptnContext));
  const events = useMemo(
    () => query.data?.pages.flatMap((page) => page.events.map(toExplainedEvent)) ?? [],
    [query.data],
  );
  const project = events.find((event) => event.project !== '')?.project;
  const title = events[0] === undefined ? 'Run' : `Run: ${titleOf(events[0])}${subjectOf(events)}`;
  return (
    <Page
      title={title}
      within={[
        <Link key="runs" to="/runs">
          Runs
        </Link>,
        ...(project === undefined
          ? []
          : [
              <Link key="project" to="/project/$project" params={{ project }}>
                {project}
              </Link>,
            ]),
      ]}
    >
      {query.error?.reason === 'CONTEXT_NOT_FOUND' ? (
        <Notice kind="neutral">
          No event of the run {keptnContext} has been stored yet. This page waits: the first one appears by itself.
        </Notice>
      ) : (
        <Loaded query={query}>
          {() => (
            <Run
              key={JSON.stringify([keptnContext, selection])}
              keptnContext={keptnContext}
              events={events}
              selection={selection}
            />
          )}
        </Loaded>
      )}
      <NextPage query={query} label="More events" />
    </Page>
  );
}

const subjectOf = (events: readonly LoggedEvent[]): string => {
  const services = [...new Set(events.map(({ service }) => service).filter(Boolean))];
  return services.length === 0 ? '' : ` (${services.join(', ')})`;
};

interface RunProps {
  readonly keptnContext: string;
  readonly events: readonly ExplainedEvent[];
  readonly selection: Selection;
}

function Run({ keptnContext, events, selection }: RunProps) {
  const lanes = useMemo(() => lanesOf(events), [events]);
  const selected = useSelected(events, selection);
  const awaited = events.filter(({ awaits }) => awaits !== undefined);
  return (
    <>
      {awaited.map(({ stage, awaits }, index) => (
        <p key={index} className="row">
          <Status kind="running">waits{stage && ` in ${stage}`}</Status> <span className="break">for {awaits}</span>
        </p>
      ))}
      <TimelineChart lanes={lanes} />
      {lanes.map(({ stage, service, events: ofLane }) => (
        <section key={`${stage}/${service}`} className="lane">
          <h2 className="break">
            {stage || 'Before any stage'} <span className="muted">{service}</span>
          </h2>
          <ol className="lane-events">
            {ofLane.map((event) => (
              <li key={`${event.source} ${event.id}`}>
                <EventItem event={event} isSelected={event.id === selected} />
              </li>
            ))}
          </ol>
        </section>
      ))}
      <Card>
        <h2>The same in a terminal</h2>
        <Code what="command" text={commandLine('trace', [keptnContext])} />
      </Card>
    </>
  );
}

/** @returns id of the event that the link is about; later ones of its stage or type do not move the page under the reader */
function useSelected(events: readonly LoggedEvent[], selection: Selection): string | undefined {
  const [settled, settle] = useState<string>();
  const selected = settled ?? selectedIn(events, selection);
  if (selected !== settled) settle(selected);
  return selected;
}

const selectedIn = (events: readonly LoggedEvent[], { event, focus }: Selection): string | undefined =>
  event ?? events.findLast(({ id, type, stage }) => id === focus || type === focus || stage === focus)?.id;
