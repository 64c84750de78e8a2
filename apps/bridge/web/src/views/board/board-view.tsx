import type { Board } from '@keptn/api-models';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useDeferredValue } from 'react';
import { Code } from '../../ui/code';
import { Loaded } from '../../ui/loaded';
import { Card, Page, Scrolling } from '../../ui/page';
import { boardQuery } from './board.queries';
import { BoardCell } from './board-cell';
import './board.css';

const route = getRouteApi('/project/$project');

/** As many as a screen has room for. */
const FIRST_ROWS = 12;

/** One project: which version is where, what failed, what waits, what runs. */
export function BoardView() {
  const { project } = route.useParams();
  const query = useQuery(boardQuery(project));
  return (
    <Page
      title={project}
      within={[
        <Link key="projects" to="/">
          Projects
        </Link>,
      ]}
      actions={
        <>
          <Link className="button" to="/actions/$project" params={{ project }}>
            Actions
          </Link>
          <Link className="button" to="/resources/$project" params={{ project }}>
            Resources
          </Link>
          <Link className="button" to="/runs" search={{ project }}>
            Runs
          </Link>
        </>
      }
    >
      <Loaded query={query}>{(board) => <BoardTable board={board} />}</Loaded>
    </Page>
  );
}

function BoardTable({ board: { project, stages } }: { readonly board: Board }) {
  const names = [...new Set(stages.flatMap(({ services }) => services.map(({ name }) => name)))].sort();
  // The others are rendered in the background, once these are to be seen.
  const rows = useDeferredValue(names.length, FIRST_ROWS);
  if (names.length === 0) {
    return (
      <Card>
        <p>This project has no services yet. Create one, then send it a new artifact:</p>
        <Code what="command" text={`keptn create service carts --project=${project}`} />
        <Code
          what="command for an artifact"
          text={`keptn send event new-artifact --project=${project} --service=carts --image=docker.io/keptnexamples/carts --tag=0.11.1`}
        />
      </Card>
    );
  }
  const services = stages.map((stage) => new Map(stage.services.map((service) => [service.name, service])));
  return (
    <Scrolling label={`Services of ${project} in their stages`}>
      <table className="board">
        <thead>
          <tr>
            <th scope="col">Service</th>
            {stages.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {names.slice(0, rows).map((name) => (
            <tr key={name}>
              <th scope="row">
                <Link to="/runs" search={{ project, service: name }}>
                  {name}
                </Link>
              </th>
              {stages.map((stage, index) => (
                <td key={stage.name}>
                  <BoardCell project={project} stage={stage.name} service={services[index]?.get(name)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  );
}
