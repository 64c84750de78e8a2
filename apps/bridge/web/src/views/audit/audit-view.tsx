import type { AuditEntry } from '@keptn/api-models';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { type SubmitEvent } from 'react';
import { Button } from '../../ui/button';
import { Code } from '../../ui/code';
import { commandLine } from '../../ui/command-line';
import { Choice, Field, textsIn } from '../../ui/form';
import { Loaded } from '../../ui/loaded';
import { NextPage } from '../../ui/next-page';
import { Notice } from '../../ui/notice';
import { Card, Page, Scrolling } from '../../ui/page';
import { ReadAgainButton } from '../../ui/read-again-button';
import { Status, type StatusKind } from '../../ui/status';
import { Time } from '../../ui/time';
import { OUTCOMES, readAuditSearch } from './audit-search';
import { auditQuery } from './audit.queries';

const route = getRouteApi('/audit');

const KINDS: Readonly<Record<AuditEntry['outcome'], StatusKind>> = {
  begun: 'warning',
  done: 'good',
  refused: 'waiting',
  failed: 'bad',
};

/** Who changed what, from where, and with which outcome; and who was refused. */
export function AuditView() {
  const search = route.useSearch();
  const query = useInfiniteQuery(auditQuery(search));
  const { actor, project, action, outcome, requestId, fromTime, beforeTime } = search;
  return (
    <Page title="Audit log" actions={<ReadAgainButton query={query} />}>
      <AuditFilter key={JSON.stringify(search)} />
      <Loaded query={query}>
        {({ pages }) => {
          const entries = pages.flatMap((page) => page.entries);
          return entries.length === 0 ? (
            <Notice kind="neutral">There are no entries like this.</Notice>
          ) : (
            <Entries entries={entries} />
          );
        }}
      </Loaded>
      <NextPage query={query} label="Older entries" />
      <Card>
        <h2>The same in a terminal</h2>
        <Code
          what="command"
          text={commandLine('get audit', [], {
            ...{ actor, project, action, outcome },
            ...{ 'request-id': requestId, 'from-time': fromTime, 'before-time': beforeTime },
          })}
        />
      </Card>
    </Page>
  );
}

function AuditFilter() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    void navigate({ to: '/audit', search: readAuditSearch(textsIn(event.currentTarget)) });
  };
  return (
    <form className="fields" role="search" onSubmit={submit}>
      <Field name="actor" label="Token or person" defaultValue={search.actor} />
      <Field name="project" label="Project" defaultValue={search.project} />
      <Field name="action" label="Operation" placeholder="DELETE /v1/project/{project}" defaultValue={search.action} />
      <Choice name="outcome" label="Outcome" none="any" options={OUTCOMES} defaultValue={search.outcome} />
      <Field name="requestId" label="Request" defaultValue={search.requestId} />
      <Field name="fromTime" label="Not earlier" placeholder="2026-01-31T10:15:30Z" defaultValue={search.fromTime} />
      <Field
        name="beforeTime"
        label="Earlier than"
        placeholder="2026-02-28T10:15:30Z"
        defaultValue={search.beforeTime}
      />
      <div className="row">
        <Button type="submit" look="main">
          Search
        </Button>
        <Button onClick={() => void navigate({ to: '/audit' })}>Clear</Button>
      </div>
    </form>
  );
}

function Entries({ entries }: { readonly entries: readonly AuditEntry[] }) {
  return (
    <Scrolling label="Entries of the audit log">
      <table>
        <thead>
          <tr>
            {['When', 'Who', 'What', 'On', 'Outcome', 'From'].map((heading) => (
              <th key={heading} scope="col">
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {entries.map(({ id, time, actor, action, target, project, outcome, status, address, requestId }) => (
            <tr key={id}>
              <td className="no-wrap">
                <Time at={time} />
              </td>
              <td>
                {actor.name}
                <div className="muted small">{actor.kind}</div>
              </td>
              <td>
                <code>{action}</code>
                <div className="muted small">request {requestId}</div>
              </td>
              <td>{Object.values(target).join(' ') || project}</td>
              <td>
                <Status kind={KINDS[outcome]}>{outcome}</Status>
                {status !== undefined && <div className="muted small">status {status}</div>}
              </td>
              <td>{address}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  );
}
