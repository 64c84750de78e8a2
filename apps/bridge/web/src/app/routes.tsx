import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { BASE_PATH } from '../api/transport';
import { readShownEvaluation } from '../views/evaluations/shown-evaluation';
import { readProblemFilter } from '../views/problems/problem-filter';
import { readRunFilter } from '../views/runs/run-filter';
import { readSelection } from '../views/run/selection';
import { Layout } from './layout';
import { UnexpectedFailure, UnknownPage } from './unknown-page';

const root = createRootRoute({ component: Layout, notFoundComponent: UnknownPage, errorComponent: UnexpectedFailure });
const getParentRoute = () => root;

/** Every view with its URL. A view is loaded when somebody first goes there. */
const views = [
  createRoute({
    getParentRoute,
    path: '/',
    component: lazyRouteComponent(() => import('../views/projects/projects-view'), 'ProjectsView'),
  }),
  createRoute({
    getParentRoute,
    path: '/new-project',
    component: lazyRouteComponent(() => import('../views/projects/new-project-view'), 'NewProjectView'),
  }),
  createRoute({
    getParentRoute,
    path: '/project/$project',
    component: lazyRouteComponent(() => import('../views/board/board-view'), 'BoardView'),
  }),
  createRoute({
    getParentRoute,
    path: '/runs',
    validateSearch: readRunFilter,
    component: lazyRouteComponent(() => import('../views/runs/runs-view'), 'RunsView'),
  }),
  createRoute({
    getParentRoute,
    path: '/run/$keptnContext',
    validateSearch: readSelection,
    component: lazyRouteComponent(() => import('../views/run/run-view'), 'RunView'),
  }),
  createRoute({
    getParentRoute,
    path: '/evaluations/$project/$stage/$service',
    validateSearch: readShownEvaluation,
    component: lazyRouteComponent(() => import('../views/evaluations/evaluations-view'), 'EvaluationsView'),
  }),
  createRoute({
    getParentRoute,
    path: '/problems',
    validateSearch: readProblemFilter,
    component: lazyRouteComponent(() => import('../views/problems/problems-view'), 'ProblemsView'),
  }),
  createRoute({
    getParentRoute,
    path: '/problem/$keptnContext',
    component: lazyRouteComponent(() => import('../views/problems/problem-view'), 'ProblemView'),
  }),
  createRoute({
    getParentRoute,
    path: '/approvals',
    component: lazyRouteComponent(() => import('../views/approvals/approvals-view'), 'ApprovalsView'),
  }),
  createRoute({
    getParentRoute,
    path: '/integrations',
    component: lazyRouteComponent(() => import('../views/integrations/integrations-view'), 'IntegrationsView'),
  }),
] as const;

/** Links of the Bridge of Keptn 0.7, from pipelines and chats. They lead to the same thing here. */
const links = [
  createRoute({
    getParentRoute,
    path: '/dashboard',
    beforeLoad: () => {
      redirect({ to: '/', throw: true });
    },
  }),
  createRoute({
    getParentRoute,
    path: '/project/$project/$service',
    beforeLoad: ({ params: { project, service } }) => {
      redirect({ to: '/runs', search: { project, service }, throw: true });
    },
  }),
  createRoute({
    getParentRoute,
    path: '/project/$project/$service/$keptnContext',
    beforeLoad: ({ params: { keptnContext } }) => {
      redirect({ to: '/run/$keptnContext', params: { keptnContext }, throw: true });
    },
  }),
  createRoute({
    getParentRoute,
    path: '/project/$project/$service/$keptnContext/$event',
    beforeLoad: ({ params: { keptnContext, event } }) => {
      redirect({ to: '/run/$keptnContext', params: { keptnContext }, search: { event }, throw: true });
    },
  }),
  createRoute({
    getParentRoute,
    path: '/trace/$keptnContext',
    beforeLoad: ({ params: { keptnContext } }) => {
      redirect({ to: '/run/$keptnContext', params: { keptnContext }, throw: true });
    },
  }),
  createRoute({
    getParentRoute,
    path: '/trace/$keptnContext/$focus',
    beforeLoad: ({ params: { keptnContext, focus } }) => {
      redirect({ to: '/run/$keptnContext', params: { keptnContext }, search: { focus }, throw: true });
    },
  }),
  createRoute({
    getParentRoute,
    path: '/evaluation/$keptnContext',
    component: lazyRouteComponent(() => import('../views/evaluations/evaluation-link-view'), 'EvaluationOfRun'),
  }),
  createRoute({
    getParentRoute,
    path: '/evaluation/$keptnContext/$focus',
    component: lazyRouteComponent(() => import('../views/evaluations/evaluation-link-view'), 'EvaluationOfStage'),
  }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren([...views, ...links]),
  basepath: BASE_PATH,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
