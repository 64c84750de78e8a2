import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Code } from '../../ui/code';
import { commandLine } from '../../ui/command-line';
import { Loaded } from '../../ui/loaded';
import { Card, Page } from '../../ui/page';
import { ReadAgainButton } from '../../ui/read-again-button';
import { FileView } from './file-view';
import { NewResource } from './new-resource';
import { ResourceTree } from './resource-tree';
import { scopeFlags, scopeTitle, versionsIn } from './resource-scope';
import { filesQuery } from './resources.queries';
import './resources.css';

const route = getRouteApi('/resources/$project');

/** The files of a project, of its stages and their services; one of them beside the tree. */
export function ResourcesView() {
  const { project } = route.useParams();
  const { path, version, to, ...scope } = route.useSearch();
  const location = { project, ...scope };
  const versions = versionsIn({ ...(version && { version }), ...(to && { to }) });
  const files = useQuery(
    path === undefined ? filesQuery(project) : filesQuery(project, { ...location, path }, versions),
  );
  return (
    <Page
      title={path ?? 'Resources'}
      within={[
        <Link key="projects" to="/">
          Projects
        </Link>,
        <Link key="project" to="/project/$project" params={{ project }}>
          {project}
        </Link>,
        ...(path === undefined
          ? []
          : [
              <Link key="resources" to="/resources/$project" params={{ project }}>
                Resources
              </Link>,
            ]),
      ]}
      actions={
        <>
          <ReadAgainButton query={files} />
          <Link className="button" to="/history/$project" params={{ project }} search={scope}>
            History of {scopeTitle(location)}
          </Link>
        </>
      }
    >
      <div className="resources">
        <Loaded query={files}>{(read) => <ResourceTree project={project} tree={read} />}</Loaded>
        {path === undefined ? (
          <div className="stack">
            <NewResource key={JSON.stringify(location)} scope={location} />
            <Card>
              <h2>The same in a terminal</h2>
              <Code
                what="command that lists"
                text={commandLine('get resources', [], { ...scopeFlags(location) }) + (scope.stage ? '' : ' --all')}
              />
              <Code
                what="command that uploads"
                text={commandLine('add-resource', [], {
                  ...scopeFlags(location),
                  resource: 'slo.yaml',
                  message: 'Why',
                })}
              />
            </Card>
          </div>
        ) : (
          files.data && (
            <FileView
              key={JSON.stringify([location, path])}
              location={{ ...location, path }}
              versions={versions}
              contents={files.data.contents}
            />
          )
        )}
      </div>
    </Page>
  );
}
