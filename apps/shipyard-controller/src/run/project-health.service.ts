import { type AnswerOf, type ExpandedProject, type ProjectHealth, type shipyardControllerApi } from '@keptn/api-models';
import { Injectable } from '@nestjs/common';
import { ConfigurationServiceClient } from '../control-plane/configuration-service.client';
import { type RunRecord } from './run.schema';
import { RunStore } from './run.store';
import { type ServiceStateRecord } from './service-state.schema';
import { ServiceStateStore } from './service-state.store';

type HealthPage = Omit<AnswerOf<typeof shipyardControllerApi.listProjectHealth>, 'position'>;
type OpenRun = Pick<RunRecord, 'openApprovals' | 'project'>;

/** Results of evaluations; the original writes both words. */
const FAILED: ReadonlySet<string | undefined> = new Set(['fail', 'failed']);

const NANOSECONDS_IN_A_MILLISECOND = 1_000_000;

/** All projects at a glance. */
@Injectable()
export class ProjectHealthService {
  constructor(
    private readonly configuration: ConfigurationServiceClient,
    private readonly runs: RunStore,
    private readonly states: ServiceStateStore,
  ) {}

  /** @param mayRead whether the caller may see a project of this name; a page may hold fewer projects than it could */
  async list(
    page: { readonly pageSize: number; readonly nextPageKey?: string | undefined },
    mayRead: (project: string) => boolean,
  ): Promise<HealthPage> {
    const { projects: all, nextPageKey } = await this.configuration.projects(page);
    const projects = all.filter(({ projectName }) => mayRead(projectName));
    const names = projects.map(({ projectName }) => projectName);
    const [states, open] = await Promise.all([this.states.ofProjects(names), this.runs.openOf(names)]);
    return {
      projects: projects.map((project) => healthOf(project, states.filter(isOf(project)), open.filter(isOf(project)))),
      nextPageKey,
    };
  }
}

const isOf =
  ({ projectName }: ExpandedProject) =>
  ({ project }: { readonly project: string }): boolean =>
    project === projectName;

/** What is left of services that were deleted does not count. */
function healthOf(
  { projectName, creationDate, stages }: ExpandedProject,
  states: readonly ServiceStateRecord[],
  open: readonly OpenRun[],
): ProjectHealth {
  const existing = new Set(
    stages.flatMap(({ stageName, services }) =>
      services.map(({ serviceName }) => JSON.stringify([stageName, serviceName])),
    ),
  );
  const counted = states.filter(({ stage, service }) => existing.has(JSON.stringify([stage, service])));
  const having = (matches: (state: ServiceStateRecord) => boolean): number => counted.filter(matches).length;
  const lastDeployedAt = counted
    .flatMap(({ aspect, at }) => (aspect === 'deployment' ? [at] : []))
    .sort()
    .at(-1);
  const createdAt = Number(creationDate) / NANOSECONDS_IN_A_MILLISECOND;
  return {
    project: projectName,
    ...(createdAt > 0 && { createdAt: new Date(createdAt).toISOString() }),
    stages: stages.map(({ stageName }) => stageName),
    services: new Set(stages.flatMap(({ services }) => services.map(({ serviceName }) => serviceName))).size,
    failed: having(({ aspect, result }) => aspect === 'verdict' && FAILED.has(result)),
    warnings: having(({ aspect, result }) => aspect === 'verdict' && result === 'warning'),
    openProblems: having(({ aspect, problem }) => aspect === 'problem' && problem?.state === 'open'),
    openApprovals: open.reduce((sum, { openApprovals }) => sum + openApprovals.length, 0),
    openRuns: open.length,
    ...(lastDeployedAt !== undefined && { lastDeployedAt }),
  };
}
