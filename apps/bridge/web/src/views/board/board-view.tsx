import type { Board } from '@keptn/api-models';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { memo, startTransition, useEffect, useMemo, useState } from 'react';
import { Code } from '../../ui/code';
import { commandLine } from '../../ui/command-line';
import { Loaded } from '../../ui/loaded';
import { Card, Page, Scrolling } from '../../ui/page';
import { useViewLinks } from '../../ui/view-link';
import { boardQuery } from './board.queries';
import { BoardCell } from './board-cell';
import { type BoardRow, boardRows } from './board-rows';
import './board.css';

const route = getRouteApi('/project/$project');

/** As many as a screen has room for. */
const FIRST_ROWS = 10;

/** In one step, once the first ones are to be seen. */
const FURTHER_ROWS = 10;

/** Of the columns at least, in rem. */
const NAME_WIDTH = 10;
const STAGE_WIDTH = 13;

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

function NoServices({ project }: { readonly project: string }) {
  return (
    <Card>
      <p>This project has no services yet. Create one, then send it a new artifact:</p>
      <Code what="command" text={commandLine('create service', ['carts'], { project })} />
      <Code
        what="command for an artifact"
        text={commandLine('send event new-artifact', [], {
          project,
          service: 'carts',
          image: 'docker.io/keptnexamples/carts',
          tag: '0.11.1',
        })}
      />
    </Card>
  );
}

function BoardTable({ board }: { readonly board: Board }) {
  const rows = useMemo(() => boardRows(board), [board]);
  const shown = useGrowing(rows.length);
  const followLinks = useViewLinks();
  const { project, stages } = board;
  if (rows.length === 0) return <NoServices project={project} />;
  return (
    <Scrolling label={`Services of ${project} in their stages`}>
      <table
        className="board"
        style={{ minWidth: `${NAME_WIDTH + stages.length * STAGE_WIDTH}rem` }}
        onClick={followLinks}
      >
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
          {rows.slice(0, shown).map((row) => (
            <BoardRowCells key={row.name} project={project} row={row} />
          ))}
        </tbody>
      </table>
    </Scrolling>
  );
}

/** One service in all stages. */
const BoardRowCells = memo(function BoardRowCells({
  project,
  row,
}: {
  readonly project: string;
  readonly row: BoardRow;
}) {
  return (
    <tr>
      <th scope="row">
        <Link to="/runs" search={{ project, service: row.name }}>
          {row.name}
        </Link>
      </th>
      {row.cells.map(({ stage, service }) => (
        <td key={stage}>
          <BoardCell project={project} stage={stage} service={service} />
        </td>
      ))}
    </tr>
  );
});

/** Rows to render now; all in the end, a few at a time, so that no frame waits for the ones that nobody sees yet. */
function useGrowing(count: number): number {
  const [shown, setShown] = useState(FIRST_ROWS);
  useEffect(() => {
    if (shown >= count) return;
    startTransition(() => {
      setShown(shown + FURTHER_ROWS);
    });
  }, [shown, count]);
  return Math.min(shown, count);
}
