import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, Navigate } from '@tanstack/react-router';
import { type LoggedEvent } from '../../api/logged-event';
import { Loaded } from '../../ui/loaded';
import { Notice } from '../../ui/notice';
import { Page } from '../../ui/page';
import { evaluationsOfRunQuery } from './evaluations-of-run.query';

const route = getRouteApi('/evaluation/$keptnContext');
const focused = getRouteApi('/evaluation/$keptnContext/$focus');

/** A link of the Bridge of 0.7 to the evaluation of a run. */
export const EvaluationOfRun = () => <Found keptnContext={route.useParams().keptnContext} />;

/** The same, to the evaluation in a stage, or to one event. */
export const EvaluationOfStage = () => <Found {...focused.useParams()} />;

function Found({ keptnContext, focus }: { readonly keptnContext: string; readonly focus?: string }) {
  const query = useQuery(evaluationsOfRunQuery(keptnContext));
  return (
    <Page title="Evaluation">
      <Loaded query={query}>{(events) => <Leading event={linked(events, focus)} keptnContext={keptnContext} />}</Loaded>
    </Page>
  );
}

/** @param events newest first */
const linked = (events: readonly LoggedEvent[], focus: string | undefined): LoggedEvent | undefined =>
  events.find(({ id, stage, type }) => focus === undefined || [id, stage, type].includes(focus));

function Leading({ event, keptnContext }: { readonly event: LoggedEvent | undefined; readonly keptnContext: string }) {
  if (event === undefined) {
    return (
      <Notice kind="neutral">
        This run has no such evaluation yet. The page waits for it; meanwhile see{' '}
        <Link to="/run/$keptnContext" params={{ keptnContext }}>
          the whole run
        </Link>
        .
      </Notice>
    );
  }
  const { project, stage, service, id } = event;
  if ([project, stage, service].includes(''))
    return <Navigate to="/run/$keptnContext" params={{ keptnContext }} search={{ event: id }} replace />;
  return (
    <Navigate
      to="/evaluations/$project/$stage/$service"
      params={{ project, stage, service }}
      search={{ until: id }}
      replace
    />
  );
}
