import type { SystemState } from '@keptn/api-models';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Code } from '../../ui/code';
import { counted } from '../../ui/counted';
import { Facts } from '../../ui/facts';
import { Loaded } from '../../ui/loaded';
import { Notice } from '../../ui/notice';
import { Card, Page, Scrolling } from '../../ui/page';
import { ReadAgainButton } from '../../ui/read-again-button';
import { Status } from '../../ui/status';
import { Time, TimeSince } from '../../ui/time';
import { systemQuery } from './system.queries';

type ServiceState = SystemState['services'][number];

/** How the control plane itself fares. */
export function SystemView() {
  const query = useQuery(systemQuery);
  return (
    <Page title="System" actions={<ReadAgainButton query={query} />}>
      <Loaded query={query}>{(state) => <State state={state} />}</Loaded>
      <Card>
        <h2>The same in a terminal</h2>
        <Code what="command" text="keptn get system" />
      </Card>
    </Page>
  );
}

function State({ state }: { readonly state: SystemState }) {
  const { keptnVersion, readAt, services, logPosition, distribution, failingUpstreams } = state;
  return (
    <>
      <p className="muted small">
        API of Keptn {keptnVersion}; read <Time at={readAt} />
      </p>
      <Scrolling label="Services">
        <table>
          <thead>
            <tr>
              <th scope="col">Service</th>
              <th scope="col">State</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {services.map((service) => (
              <tr key={service.name}>
                <th scope="row">{service.name}</th>
                <td>
                  <Readiness service={service} />
                </td>
                <td className="break">
                  {service.reason}
                  {service.isOptional && service.state === 'unreachable' && ' An installation may leave it out.'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolling>
      <Card>
        <h2>Event log and distribution</h2>
        <Facts
          facts={[
            ['Last event', logPosition === undefined ? 'nobody can say' : `number ${logPosition}`],
            ...(distribution === undefined ? [] : distributionFacts(distribution)),
          ]}
        />
        {distribution === undefined ? (
          <Notice kind="warning">event-broker does not say how far it has come.</Notice>
        ) : (
          <p>
            <Link to="/subscriptions">Subscriptions</Link>
          </p>
        )}
      </Card>
      <Card>
        <h2>Upstream repositories</h2>
        <Upstreams failing={failingUpstreams} />
      </Card>
    </>
  );
}

function Readiness({ service: { state, isOptional } }: { readonly service: ServiceState }) {
  if (state === 'ready') return <Status kind="good">ready</Status>;
  return <Status kind={isOptional && state === 'unreachable' ? 'neutral' : 'bad'}>{state}</Status>;
}

const distributionFacts = (distribution: NonNullable<SystemState['distribution']>) => {
  const { subscriptions, lag, pending, failing, inactive } = distribution;
  return [
    ['Subscriptions', String(subscriptions)],
    ['Furthest behind', lag === 0 ? 'none is behind' : counted(lag, 'event', 'events')],
    ['Deliveries to be tried again', String(pending)],
    ...(failing.length > 0 ? [['Failing', failing.join(', ')] as const] : []),
    ...(inactive.length > 0 ? [['Paused or ended', inactive.join(', ')] as const] : []),
  ] as const;
};

function Upstreams({ failing }: { readonly failing: SystemState['failingUpstreams'] }) {
  if (failing === undefined) return <Notice kind="warning">configuration-service does not say how they are.</Notice>;
  if (failing.length === 0) return <p className="muted">No upstream repository refuses changes.</p>;
  return (
    <ul className="stack">
      {failing.map(({ project, failingSince, lastError, ahead, behind }) => (
        <li key={project}>
          <div className="row">
            <Status kind="bad">failing</Status>
            <Link to="/project/$project" params={{ project }}>
              {project}
            </Link>
            <span className="muted small">
              <TimeSince at={failingSince} />, {ahead} ahead, {behind} behind
            </span>
          </div>
          <p className="break">{lastError}</p>
        </li>
      ))}
    </ul>
  );
}
