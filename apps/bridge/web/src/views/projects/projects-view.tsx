import type { ProjectHealth } from '@keptn/api-models';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useMay } from '../../api/rights';
import { counted } from '../../ui/counted';
import { Loaded } from '../../ui/loaded';
import { NextPage } from '../../ui/next-page';
import { Notice } from '../../ui/notice';
import { Card, Page } from '../../ui/page';
import { Status } from '../../ui/status';
import { Time } from '../../ui/time';
import { FirstSteps } from './first-steps';
import { projectsQuery } from './projects.queries';
import './projects.css';

type ProjectsQuery = Pick<
  ReturnType<typeof useInfiniteQuery>,
  'fetchNextPage' | 'hasNextPage' | 'isError' | 'isFetching'
>;

/** All projects at a glance; of an empty system, how to begin. */
export function ProjectsView() {
  const query = useInfiniteQuery(projectsQuery);
  const mayCreate = useMay('project:write', 'any project');
  const projects = query.data?.pages.flatMap((page) => page.projects) ?? [];
  useFirstProject(query, projects.length);
  const isEmpty = query.data !== undefined && !query.hasNextPage && projects.length === 0;
  const [isBeginning, setBeginning] = useState(false);
  // What is written in the form stays when somebody else creates the first project.
  if (isEmpty && mayCreate && !isBeginning) setBeginning(true);
  return (
    <Page
      title={isEmpty && mayCreate ? 'Welcome to Keptn' : 'Projects'}
      actions={
        mayCreate &&
        !isEmpty && (
          <Link className="button" to="/new-project">
            New project
          </Link>
        )
      }
    >
      {isBeginning && <FirstSteps />}
      <Loaded query={query}>
        {() =>
          isEmpty ? (
            !mayCreate && (
              <Notice kind="neutral">
                There are no projects that you may see. A new one of them appears here by itself.
              </Notice>
            )
          ) : (
            <ul className="projects">
              {projects.map((health) => (
                <li key={health.project}>
                  <ProjectCard health={health} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <NextPage query={query} label="More projects" />
    </Page>
  );
}

/** Of those whom projects are granted to, the first pages may have none. */
function useFirstProject({ hasNextPage, isFetching, isError, fetchNextPage }: ProjectsQuery, shown: number): void {
  useEffect(() => {
    if (shown === 0 && hasNextPage && !isFetching && !isError) void fetchNextPage({ cancelRefetch: false });
  }, [shown, hasNextPage, isFetching, isError, fetchNextPage]);
}

function ProjectCard({ health }: { readonly health: ProjectHealth }) {
  const { project, stages, services, failed, warnings, openProblems, openApprovals, openRuns, lastDeployedAt } = health;
  const isCalm = failed + warnings + openProblems + openApprovals + openRuns === 0;
  return (
    <Card>
      <h2>
        <Link to="/project/$project" params={{ project }}>
          {project}
        </Link>
      </h2>
      <div className="row">
        {openProblems > 0 && <Status kind="bad">{counted(openProblems, 'open problem', 'open problems')}</Status>}
        {failed > 0 && <Status kind="bad">{counted(failed, 'failed evaluation', 'failed evaluations')}</Status>}
        {warnings > 0 && <Status kind="warning">{counted(warnings, 'warning', 'warnings')}</Status>}
        {openApprovals > 0 && (
          <Status kind="waiting">{counted(openApprovals, 'approval waits', 'approvals wait')}</Status>
        )}
        {openRuns > 0 && <Status kind="running">{counted(openRuns, 'run under way', 'runs under way')}</Status>}
        {isCalm && <Status kind="neutral">nothing to do</Status>}
      </div>
      <p className="muted small break">
        {counted(services, 'service', 'services')} in {stages.length === 0 ? 'no stages' : stages.join(' → ')}
      </p>
      <p className="muted small">
        {lastDeployedAt === undefined ? (
          'Nothing was deployed yet'
        ) : (
          <>
            Deployed <Time at={lastDeployedAt} />
          </>
        )}
      </p>
    </Card>
  );
}
