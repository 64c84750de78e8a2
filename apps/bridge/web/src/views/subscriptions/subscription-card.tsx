import type { Subscription } from '@keptn/api-models';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { callEventBroker } from '../../api/clients';
import { queryClient } from '../../api/queries';
import { useMay } from '../../api/rights';
import { Button } from '../../ui/button';
import { Code } from '../../ui/code';
import { commandLine } from '../../ui/command-line';
import { counted } from '../../ui/counted';
import { DeleteByName } from '../../ui/delete-by-name';
import { type Fact, Facts } from '../../ui/facts';
import { Failure, Notice } from '../../ui/notice';
import { Card } from '../../ui/page';
import { Status } from '../../ui/status';
import { Time } from '../../ui/time';
import { SubscriptionState } from './subscription-state';
import { subscriptionsQuery } from './subscriptions.queries';

interface SubscriptionCardProps {
  readonly subscription: Subscription;
}

/** One subscription: what it wants, where that goes, and how it fares. Its secrets are never shown. */
export function SubscriptionCard({ subscription }: SubscriptionCardProps) {
  const mayChange = useMay('subscription:write', { subscription });
  const { name, origin, lag, pending, lastSuccessAt, failingSince, lastError } = subscription;
  return (
    <Card>
      <h2 className="break">{name}</h2>
      <div className="row small">
        <SubscriptionState subscription={subscription} />
        <span>{lag === 0 ? 'up to date' : `${counted(lag, 'event', 'events')} behind`}</span>
        {pending > 0 && <Status kind="warning">{pending} to be tried again</Status>}
        {lastSuccessAt !== undefined && (
          <span className="muted">
            last delivery <Time at={lastSuccessAt} />
          </span>
        )}
        <Link to="/deliveries" search={{ subscription: name }} aria-label={`Deliveries to ${name}`}>
          Deliveries
        </Link>
        <Link to="/deliveries" search={{ subscription: name, outcome: 'dead' }} aria-label={`Dead letters of ${name}`}>
          Dead letters
        </Link>
      </div>
      {failingSince !== undefined && <Notice kind="warning">It fails: {lastError ?? 'no reason is known'}</Notice>}
      <Facts facts={factsOf(subscription)} />
      {origin === 'declared' && (
        <p className="muted small">Declared by the deployment, and changed there (DECLARED_SUBSCRIPTIONS).</p>
      )}
      {mayChange && origin === 'created' && <SubscriptionActions subscription={subscription} />}
    </Card>
  );
}

function SubscriptionActions({ subscription: { name, state } }: { readonly subscription: Subscription }) {
  const parameters = { name };
  const onSuccess = (): Promise<void> => queryClient.invalidateQueries(subscriptionsQuery);
  const change = useMutation({
    mutationFn: (verb: 'pause' | 'resume') =>
      verb === 'pause'
        ? callEventBroker('POST /v1/subscriptions/{name}/pause', { parameters })
        : callEventBroker('POST /v1/subscriptions/{name}/resume', { parameters }),
    onSuccess,
  });
  const deletion = useMutation({
    mutationFn: () => callEventBroker('DELETE /v1/subscriptions/{name}', { parameters }),
    onSuccess,
  });
  const verb = state === 'active' ? 'pause' : 'resume';
  return (
    <>
      <div className="row">
        <Link className="button" to="/subscription/$name" params={parameters} aria-label={`Change ${name}`}>
          Change
        </Link>
        <Button
          disabled={change.isPending}
          aria-label={`${verb === 'pause' ? 'Pause' : 'Resume'} ${name}`}
          onClick={() => {
            change.mutate(verb);
          }}
        >
          {verb === 'pause' ? 'Pause' : 'Resume'}
        </Button>
      </div>
      {change.error !== null && <Failure error={change.error} />}
      <Code what={`command for ${name}`} text={commandLine('update subscription', [name]) + ` --${verb}`} />
      <details>
        <summary>Delete this subscription</summary>
        <DeleteByName
          kind="subscription"
          name={name}
          attempt={{
            ...deletion,
            mutate: () => {
              deletion.mutate();
            },
          }}
        />
        <Code what={`command that deletes ${name}`} text={commandLine('delete subscription', [name])} />
      </details>
    </>
  );
}

const ORDERS: Readonly<Record<Subscription['protocolSettings']['order'], string>> = {
  context: 'in order within each run',
  strict: 'in the order of the log',
};

const factsOf = ({ sink, types, filters, protocolSettings, secretHeaderNames, position }: Subscription): Fact[] => [
  ['Sink', sink],
  ['Types', types.length === 0 ? 'all' : types.join(', ')],
  ...(filters.length === 0 ? [] : [['Filters', JSON.stringify(filters)] as const]),
  ['Mode', `${protocolSettings.mode}, ${ORDERS[protocolSettings.order]}`],
  ...(secretHeaderNames.length === 0 ? [] : [['Secret headers', secretHeaderNames.join(', ')] as const]),
  ['Position in the log', String(position)],
];
