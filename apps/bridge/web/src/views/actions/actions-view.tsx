import type { Board } from '@keptn/api-models';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMay } from '../../api/rights';
import { Loaded } from '../../ui/loaded';
import { Notice } from '../../ui/notice';
import { Card, Page } from '../../ui/page';
import { boardQuery } from '../board/board.queries';
import { DeleteProject, DeleteService } from './deletions';
import { NewArtifact } from './new-artifact';
import { NewService } from './new-service';
import { StartEvaluation } from './start-evaluation';

const route = getRouteApi('/actions/$project');

/** What is in the project, to be chosen from. */
export interface Names {
  readonly project: string;
  readonly stages: readonly string[];
  readonly services: readonly string[];
}

/** Everything that can be done with a project, each with the command that does the same. */
export function ActionsView() {
  const { project } = route.useParams();
  const board = useQuery(boardQuery(project));
  return (
    <Page
      title={`Actions on ${project}`}
      within={[
        <Link key="projects" to="/">
          Projects
        </Link>,
        <Link key="project" to="/project/$project" params={{ project }}>
          {project}
        </Link>,
      ]}
    >
      <Loaded query={board}>{(read) => <Actions names={namesIn(project, read)} />}</Loaded>
    </Page>
  );
}

function Actions({ names }: { readonly names: Names }) {
  const chosen = route.useSearch();
  const { project } = names;
  const maySend = useMay('event:write', { project });
  const mayChangeServices = useMay('service:write', { project });
  const mayChangeProject = useMay('project:write', { project });
  if (!maySend && !mayChangeServices && !mayChangeProject) {
    return <Notice kind="neutral">You may look at this project, and change nothing in it.</Notice>;
  }
  return (
    <>
      {maySend && <NewArtifact names={names} chosen={chosen} />}
      {maySend && <StartEvaluation names={names} chosen={chosen} />}
      {maySend && (
        <Card>
          <h2>Send any event</h2>
          <p>
            <Link to="/send-event" search={{ project }}>
              Choose a type, and fill in its data
            </Link>
          </p>
        </Card>
      )}
      {mayChangeServices && <NewService project={project} />}
      {mayChangeServices && names.services.length > 0 && <DeleteService names={names} chosen={chosen} />}
      {mayChangeProject && <DeleteProject project={project} />}
    </>
  );
}

const namesIn = (project: string, { stages }: Board): Names => ({
  project,
  stages: stages.map(({ name }) => name),
  services: [...new Set(stages.flatMap(({ services }) => services.map(({ name }) => name)))].sort(),
});
