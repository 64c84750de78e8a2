import type { BoardService } from '@keptn/api-models';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { Image } from '../../ui/image';
import { Result, Status, StepState } from '../../ui/status';
import { Time } from '../../ui/time';

export interface BoardCellProps {
  readonly project: string;
  readonly stage: string;
  /** Undefined where the stage does not have it. */
  readonly service: BoardService | undefined;
}

/** One service in one stage. An event renders only the cells that it changes. */
export const BoardCell = memo(function BoardCell({ project, stage, service }: BoardCellProps) {
  if (service === undefined) return <span className="muted small">not in this stage</span>;
  const { problem, openApprovals } = service;
  // The approval itself is shown already.
  const openRuns = service.openRuns.filter(({ state }) => state !== 'awaiting approval');
  return (
    <div className="board-cell">
      <Deployed service={service} />
      <Verdict project={project} stage={stage} service={service} />
      {problem !== undefined && (
        <div>
          <Link to="/problems" search={{ project, stage, service: service.name, state: 'open' }}>
            <Status kind="bad">problem</Status>
          </Link>{' '}
          <span className="small break">{problem.title}</span>
        </div>
      )}
      {openApprovals.map(({ eventId, image }) => (
        <div key={eventId} className="row">
          <Link to="/approvals">
            <Status kind="waiting">approval</Status>
          </Link>
          {image !== undefined && <Image reference={image} />}
        </div>
      ))}
      {openRuns.map(({ keptnContext, state, since }) => (
        <div key={keptnContext} className="row small">
          <Link to="/run/$keptnContext" params={{ keptnContext }}>
            <StepState state={state} />
          </Link>
          <span className="muted">
            since <Time at={since} />
          </span>
        </div>
      ))}
    </div>
  );
});

function Deployed({ service: { image, deployedAt, deployedBy } }: { readonly service: BoardService }) {
  if (deployedAt === undefined) return <span className="muted small">not deployed</span>;
  const shown = image === undefined ? 'deployed' : <Image reference={image} />;
  return (
    <div>
      {deployedBy === undefined ? (
        shown
      ) : (
        <Link to="/run/$keptnContext" params={{ keptnContext: deployedBy }}>
          {shown}
        </Link>
      )}{' '}
      <span className="muted small">
        <Time at={deployedAt} />
      </span>
    </div>
  );
}

interface VerdictProps {
  readonly project: string;
  readonly stage: string;
  readonly service: BoardService;
}

function Verdict({ project, stage, service: { name, result, evaluatedAt } }: VerdictProps) {
  if (result === undefined) return null;
  return (
    <div className="row small">
      <Link to="/evaluations/$project/$stage/$service" params={{ project, stage, service: name }}>
        <Result result={result} />
      </Link>
      {evaluatedAt !== undefined && (
        <span className="muted">
          <Time at={evaluatedAt} />
        </span>
      )}
    </div>
  );
}
