import { createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router';
import { queryClient } from '../api/queries';
import { readAhead } from '../api/read-ahead';
import { BASE_PATH } from '../api/transport';
import { readActionSearch } from '../views/actions/action-search';
import { readAuditSearch } from '../views/audit/audit-search';
import { boardQuery } from '../views/board/board.queries';
import { readShownEvaluation } from '../views/evaluations/shown-evaluation';
import { readProblemFilter } from '../views/problems/problem-filter';
import { readEventSearch } from '../views/events/event-type-search';
import { readResourceSearch } from '../views/resources/resource-scope';
import { projectsQuery } from '../views/projects/projects.queries';
import { readRunFilter } from '../views/runs/run-filter';
import { runsQuery } from '../views/runs/runs.queries';
import { readSelection } from '../views/run/selection';
import { readDeliverySearch } from '../views/subscriptions/delivery-search';
import { focusContent } from './focus-content';
import { onlyKnown } from './known-search';
import { Layout } from './layout';
import { lazyView } from './lazy-view';
import { loadWhenIdle } from './load-when-idle';
import { FailedView, UnexpectedFailure, UnknownPage } from './unknown-page';

const root = createRootRoute({ component: Layout, notFoundComponent: UnknownPage, errorComponent: UnexpectedFailure });
const getParentRoute = () => root;

/** Every view with its URL. Its script is loaded when somebody first goes there; the others follow when there is nothing else to do. */
const views = [
  createRoute({
    getParentRoute,
    path: '/',
    loader: () => {
      void readAhead(() => queryClient.infiniteQuery(projectsQuery));
    },
    component: lazyView(() => import('../views/projects/projects-view'), 'ProjectsView'),
  }),
  createRoute({
    getParentRoute,
    path: '/new-project',
    component: lazyView(() => import('../views/projects/new-project-view'), 'NewProjectView'),
  }),
  createRoute({
    getParentRoute,
    path: '/project/$project',
    loader: ({ params: { project } }) => {
      void readAhead(() => queryClient.query(boardQuery(project)));
    },
    component: lazyView(() => import('../views/board/board-view'), 'BoardView'),
  }),
  createRoute({
    getParentRoute,
    path: '/resources/$project',
    validateSearch: onlyKnown(readResourceSearch),
    component: lazyView(() => import('../views/resources/resources-view'), 'ResourcesView'),
  }),
  createRoute({
    getParentRoute,
    path: '/history/$project',
    validateSearch: onlyKnown(readResourceSearch),
    component: lazyView(() => import('../views/resources/history-view'), 'HistoryView'),
  }),
  createRoute({
    getParentRoute,
    path: '/runs',
    validateSearch: onlyKnown(readRunFilter),
    loaderDeps: ({ search }) => search,
    loader: ({ deps }) => {
      void readAhead(() => queryClient.infiniteQuery(runsQuery(deps)));
    },
    component: lazyView(() => import('../views/runs/runs-view'), 'RunsView'),
  }),
  createRoute({
    getParentRoute,
    path: '/run/$keptnContext',
    validateSearch: onlyKnown(readSelection),
    component: lazyView(() => import('../views/run/run-view'), 'RunView'),
  }),
  createRoute({
    getParentRoute,
    path: '/evaluations/$project/$stage/$service',
    validateSearch: onlyKnown(readShownEvaluation),
    component: lazyView(() => import('../views/evaluations/evaluations-view'), 'EvaluationsView'),
  }),
  createRoute({
    getParentRoute,
    path: '/problems',
    validateSearch: onlyKnown(readProblemFilter),
    component: lazyView(() => import('../views/problems/problems-view'), 'ProblemsView'),
  }),
  createRoute({
    getParentRoute,
    path: '/problem/$keptnContext',
    component: lazyView(() => import('../views/problems/problem-view'), 'ProblemView'),
  }),
  createRoute({
    getParentRoute,
    path: '/approvals',
    component: lazyView(() => import('../views/approvals/approvals-view'), 'ApprovalsView'),
  }),
  createRoute({
    getParentRoute,
    path: '/actions/$project',
    validateSearch: onlyKnown(readActionSearch),
    component: lazyView(() => import('../views/actions/actions-view'), 'ActionsView'),
  }),
  createRoute({
    getParentRoute,
    path: '/send-event',
    validateSearch: onlyKnown(readEventSearch),
    component: lazyView(() => import('../views/events/send-event-view'), 'SendEventView'),
  }),
  createRoute({
    getParentRoute,
    path: '/subscriptions',
    component: lazyView(() => import('../views/subscriptions/subscriptions-view'), 'SubscriptionsView'),
  }),
  createRoute({
    getParentRoute,
    path: '/new-subscription',
    component: lazyView(() => import('../views/subscriptions/new-subscription-view'), 'NewSubscriptionView'),
  }),
  createRoute({
    getParentRoute,
    path: '/subscription/$name',
    component: lazyView(() => import('../views/subscriptions/edit-subscription-view'), 'EditSubscriptionView'),
  }),
  createRoute({
    getParentRoute,
    path: '/deliveries',
    validateSearch: onlyKnown(readDeliverySearch),
    component: lazyView(() => import('../views/subscriptions/deliveries-view'), 'DeliveriesView'),
  }),
  createRoute({
    getParentRoute,
    path: '/system',
    component: lazyView(() => import('../views/system/system-view'), 'SystemView'),
  }),
  createRoute({
    getParentRoute,
    path: '/tokens',
    component: lazyView(() => import('../views/tokens/tokens-view'), 'TokensView'),
  }),
  createRoute({
    getParentRoute,
    path: '/audit',
    validateSearch: onlyKnown(readAuditSearch),
    component: lazyView(() => import('../views/audit/audit-view'), 'AuditView'),
  }),
  createRoute({
    getParentRoute,
    path: '/integrations',
    component: lazyView(() => import('../views/integrations/integrations-view'), 'IntegrationsView'),
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
    component: lazyView(() => import('../views/evaluations/evaluation-link-view'), 'EvaluationOfRun'),
  }),
  createRoute({
    getParentRoute,
    path: '/evaluation/$keptnContext/$focus',
    component: lazyView(() => import('../views/evaluations/evaluation-link-view'), 'EvaluationOfStage'),
  }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren([...views, ...links]),
  basepath: BASE_PATH,
  scrollRestoration: true,
  defaultErrorComponent: FailedView,
});

router.subscribe('onRendered', ({ fromLocation, pathChanged }) => {
  if (fromLocation !== undefined && pathChanged) focusContent();
});

const stop = router.subscribe('onRendered', () => {
  stop();
  loadWhenIdle(views.map(({ options }) => options.component));
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
