import type { HistoryEntry } from '@keptn/api-models';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Code } from '../../ui/code';
import { commandLine } from '../../ui/command-line';
import { Loaded } from '../../ui/loaded';
import { NextPage } from '../../ui/next-page';
import { Card, Page } from '../../ui/page';
import { ReadAgainButton } from '../../ui/read-again-button';
import { Time } from '../../ui/time';
import { type ResourceSearch, scopeFlags, scopeTitle } from './resource-scope';
import { historyQuery } from './resources.queries';
import { CompareForm } from './compare-form';

const route = getRouteApi('/history/$project');

/** Who changed a file, or anything of a project, stage or service: when and why. */
export function HistoryView() {
  const { project } = route.useParams();
  const { path, stage, service } = route.useSearch();
  const rest = { ...(stage !== undefined && { stage }), ...(service !== undefined && { service }) };
  const scope = { project, ...rest };
  const search = { ...rest, ...(path && { path }) };
  const query = useInfiniteQuery(historyQuery(scope, path));
  return (
    <Page
      title={`History of ${path ?? scopeTitle(scope)}`}
      actions={<ReadAgainButton query={query} />}
      within={[
        <Link key="project" to="/project/$project" params={{ project }}>
          {project}
        </Link>,
        <Link key="resources" to="/resources/$project" params={{ project }} search={search}>
          {path ?? 'Resources'}
        </Link>,
      ]}
    >
      <Loaded query={query}>
        {({ pages }) => {
          const entries = pages.flatMap(({ history }) => history);
          return (
            <>
              {path !== undefined && entries.length > 1 && (
                <CompareForm entries={entries} project={project} search={search} />
              )}
              <ol className="stack">
                {entries.map((entry, index) => (
                  <li key={entry.version}>
                    <Change entry={entry} before={entries[index + 1]?.version} project={project} search={search} />
                  </li>
                ))}
              </ol>
            </>
          );
        }}
      </Loaded>
      <NextPage query={query} label="Older changes" />
      <Card>
        <h2>The same in a terminal</h2>
        <Code what="command" text={commandLine('history', path === undefined ? [] : [path], scopeFlags(scope))} />
      </Card>
    </Page>
  );
}

interface ChangeProps {
  readonly entry: HistoryEntry;
  /** The version before it, if it has been read. */
  readonly before: string | undefined;
  readonly project: string;
  readonly search: ResourceSearch;
}

function Change({ entry, before, project, search }: ChangeProps) {
  const { version, time, author, message, keptnContext } = entry;
  return (
    <Card>
      <p className="break">{message}</p>
      <div className="row small">
        <span className="muted break">
          {author.name}, <Time at={time} />
        </span>
        <code>{version.slice(0, 10)}</code>
        {search.path !== undefined && before !== undefined && (
          <Link to="/resources/$project" params={{ project }} search={{ ...search, version: before, to: version }}>
            What it changed
          </Link>
        )}
        {search.path !== undefined && (
          <Link to="/resources/$project" params={{ project }} search={{ ...search, version }}>
            Compare with the current content
          </Link>
        )}
        {keptnContext !== undefined && (
          <Link to="/run/$keptnContext" params={{ keptnContext }}>
            Run
          </Link>
        )}
      </div>
    </Card>
  );
}
