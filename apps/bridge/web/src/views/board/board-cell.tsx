import type { BoardService } from '@keptn/api-models';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { Image } from '../../ui/image';
import { Result, Status, StepState } from '../../ui/status';
import { Time, TimeSince } from '../../ui/time';
import { ViewLink } from '../../ui/view-link';

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
          <ViewLink to={['approvals']}>
            <Status kind="waiting">approval</Status>
          </ViewLink>
          {image !== undefined && <Image reference={image} />}
        </div>
      ))}
      {openRuns.map(({ keptnContext, state, image, since }) => (
        <div key={keptnContext} className="row small">
          <ViewLink to={['run', keptnContext]}>
            <StepState state={state} />
          </ViewLink>
          {image !== undefined && image !== service.image && <Image reference={image} />}
          <span className="muted">
            <TimeSince at={since} />
          </span>
        </div>
      ))}
    </div>
  );
});

function Deployed({ service }: { readonly service: BoardService }) {
  const { image, deployedAt, deployedBy, deploymentURIPublic, discarded } = service;
  if (deployedAt === undefined) return <span className="muted small">not deployed</span>;
  const shown = image === undefined ? 'deployed' : <Image reference={image} />;
  return (
    <div>
      {deployedBy === undefined ? shown : <ViewLink to={['run', deployedBy]}>{shown}</ViewLink>}{' '}
      <Time at={deployedAt} className="muted small" />
      {deploymentURIPublic !== undefined && (
        <>
          {' '}
          <a className="small" href={deploymentURIPublic} rel="noreferrer" aria-label={`Open ${service.name}`}>
            open
          </a>
        </>
      )}
      {discarded !== undefined && <Discarded {...discarded} isShown={discarded.deployedBy === deployedBy} />}
    </div>
  );
}

/** @param isShown it is the one above, since nothing says what ran before it */
function Discarded({
  image,
  discardedAt,
  deployedBy,
  isShown,
}: NonNullable<BoardService['discarded']> & { readonly isShown: boolean }) {
  return (
    <div className="row small">
      <ViewLink to={['run', deployedBy]}>
        <Status kind="bad">discarded</Status>
      </ViewLink>
      {!isShown && image !== undefined && <Image reference={image} />}
      <Time at={discardedAt} className="muted" />
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
      <ViewLink to={['evaluations', project, stage, name]}>
        <Result result={result} />
      </ViewLink>
      {evaluatedAt !== undefined && <Time at={evaluatedAt} className="muted" />}
    </div>
  );
}
