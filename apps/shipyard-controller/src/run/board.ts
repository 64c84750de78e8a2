import { type Board, type BoardService, type ExpandedProject } from '@keptn/api-models';
import { type RunRecord } from './run.schema';
import { type ServiceStateRecord } from './service-state.schema';

/**
 * A project as a table of stages and services. What is found is sorted into its cells once, since a large project has as many states
 * as cells.
 *
 * @param open runs under way
 */
export function boardOf(
  project: string,
  { stages }: Pick<ExpandedProject, 'stages'>,
  states: readonly ServiceStateRecord[],
  open: readonly RunRecord[],
): Board {
  const statesByCell = byCell(states);
  const approvals = byCell(open.flatMap(({ openApprovals }) => openApprovals));
  const steps = byCell(
    open.flatMap(({ _id, kind, steps }) =>
      steps.filter(({ state }) => state !== 'finished').map((step) => ({ ...step, keptnContext: _id, kind })),
    ),
  );
  const boardService = (stage: string, service: string): BoardService => {
    const cell = cellOf({ stage, service });
    return {
      name: service,
      ...stateOf(statesByCell.get(cell) ?? []),
      openApprovals: approvals.get(cell) ?? [],
      openRuns: (steps.get(cell) ?? []).map(({ keptnContext, kind, state, since, awaits, image }) => ({
        ...{ keptnContext, kind, state, since, awaits, image },
      })),
    };
  };
  return {
    project,
    stages: stages.map(({ stageName: stage, services }) => ({
      name: stage,
      services: services.map(({ serviceName }) => boardService(stage, serviceName)),
    })),
  };
}

interface Location {
  readonly stage: string;
  readonly service: string;
}

const cellOf = ({ stage, service }: Location): string => JSON.stringify([stage, service]);

function byCell<Item extends Location>(items: readonly Item[]): ReadonlyMap<string, Item[]> {
  const cells = new Map<string, Item[]>();
  for (const item of items) {
    const cell = cellOf(item);
    const others = cells.get(cell);
    if (others === undefined) cells.set(cell, [item]);
    else others.push(item);
  }
  return cells;
}

function stateOf(states: readonly ServiceStateRecord[]): Omit<BoardService, 'name' | 'openApprovals' | 'openRuns'> {
  const aspect = (name: ServiceStateRecord['aspect']) => states.find((state) => state.aspect === name);
  const [deployment, verdict, problem] = [aspect('deployment'), aspect('verdict'), aspect('problem')?.problem];
  return {
    ...(deployment && deploymentOf(deployment, aspect('promotion'))),
    ...(verdict && { result: verdict.result ?? '', evaluatedAt: verdict.at, evaluatedBy: verdict.keptnContext }),
    ...(problem?.state === 'open' && { problem }),
  };
}

/** @param promotion what the stage goes back to when the deployment is discarded; records of older releases have none */
function deploymentOf(latest: ServiceStateRecord, promotion: ServiceStateRecord | undefined) {
  const { discardedAt } = latest;
  const isBack = discardedAt !== undefined && promotion !== undefined;
  const { image, deploymentURIPublic, deployedAt, at, keptnContext } = isBack ? promotion : latest;
  return {
    ...(image !== undefined && { image }),
    ...(deploymentURIPublic !== undefined && { deploymentURIPublic }),
    ...{ deployedAt: deployedAt ?? at, deployedBy: keptnContext },
    ...(discardedAt !== undefined && {
      discarded: {
        ...(latest.image !== undefined && { image: latest.image }),
        ...{ discardedAt, deployedBy: latest.keptnContext },
      },
    }),
  };
}
