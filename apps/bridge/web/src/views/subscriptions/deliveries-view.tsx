import type { Delivery } from '@keptn/api-models';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { type SubmitEvent } from 'react';
import { callEventBroker } from '../../api/clients';
import { queryClient } from '../../api/queries';
import { Button } from '../../ui/button';
import { Code } from '../../ui/code';
import { commandLine } from '../../ui/command-line';
import { Choice, Field, textsIn } from '../../ui/form';
import { Loaded } from '../../ui/loaded';
import { NextPage } from '../../ui/next-page';
import { Failure, Notice } from '../../ui/notice';
import { Card, Page } from '../../ui/page';
import { ReadAgainButton } from '../../ui/read-again-button';
import { Status, type StatusKind } from '../../ui/status';
import { Time } from '../../ui/time';
import { OUTCOMES, readDeliverySearch } from './delivery-search';
import { useMayRedeliver } from './may-redeliver';
import { deliveriesQuery } from './subscriptions.queries';

const route = getRouteApi('/deliveries');

const KINDS: Readonly<Record<Delivery['outcome'], StatusKind>> = {
  delivered: 'good',
  retrying: 'running',
  refused: 'warning',
  dead: 'bad',
};

/** What became of events on their way to those who subscribe, dead letters among them. */
export function DeliveriesView() {
  const search = route.useSearch();
  const query = useInfiniteQuery(deliveriesQuery(search));
  const mayRedeliver = useMayRedeliver();
  const { subscription, outcome, keptnContext } = search;
  return (
    <Page
      title={outcome === 'dead' ? 'Dead letters' : 'Deliveries'}
      within={[
        <Link key="subscriptions" to="/subscriptions">
          Subscriptions
        </Link>,
      ]}
      actions={<ReadAgainButton query={query} />}
    >
      <DeliveryFilter key={JSON.stringify(search)} />
      <Loaded query={query}>
        {({ pages }) => {
          const deliveries = pages.flatMap((page) => page.deliveries);
          return deliveries.length === 0 ? (
            <Notice kind="neutral">
              There are no deliveries like this. Of declared subscriptions only those are listed that did not succeed at
              once.
            </Notice>
          ) : (
            <ul className="stack">
              {deliveries.map((delivery) => (
                <li key={`${delivery.subscription} ${delivery.sequence}`}>
                  <DeliveryCard delivery={delivery} mayRedeliver={mayRedeliver(delivery)} />
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
      <NextPage query={query} label="Older deliveries" />
      <Card>
        <h2>The same in a terminal</h2>
        <Code
          what="command that lists"
          text={commandLine('get deliveries', [], { subscription, outcome, 'keptn-context': keptnContext })}
        />
      </Card>
    </Page>
  );
}

function DeliveryFilter() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    void navigate({ to: '/deliveries', search: readDeliverySearch(textsIn(event.currentTarget)) });
  };
  return (
    <form className="fields" role="search" onSubmit={submit}>
      <Field name="subscription" label="Subscription" defaultValue={search.subscription} />
      <Choice name="outcome" label="Outcome" none="any" options={OUTCOMES} defaultValue={search.outcome} />
      <Field name="keptnContext" label="Keptn context" defaultValue={search.keptnContext} />
      <div className="row">
        <Button type="submit" look="main">
          Search
        </Button>
      </div>
    </form>
  );
}

interface DeliveryCardProps {
  readonly delivery: Delivery;
  readonly mayRedeliver: boolean;
}

function DeliveryCard({ delivery, mayRedeliver }: DeliveryCardProps) {
  const { subscription: name, sequence, type, keptnContext, outcome, attempts, attemptCount } = delivery;
  const redelivery = useMutation({
    mutationFn: () =>
      callEventBroker('POST /v1/subscriptions/{name}/deliveries/{sequence}/redeliver', {
        parameters: { name, sequence: String(sequence) },
      }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['deliveries'] }),
  });
  return (
    <Card>
      <div className="row">
        <Status kind={KINDS[outcome]}>{outcome}</Status>
        <strong className="break">{type}</strong>
        <span className="muted small break">
          number {sequence}, to {name}
        </span>
        {keptnContext !== undefined && (
          <Link className="small" to="/run/$keptnContext" params={{ keptnContext }}>
            Run
          </Link>
        )}
      </div>
      <p className="small">{attemptCount === 1 ? 'One attempt' : `${attemptCount} attempts, of which the latest:`}</p>
      <ol className="small">
        {attempts.map(({ at, status, error, answer }, index) => (
          <li key={index} className="break">
            <Time at={at} />: {status === undefined ? (error ?? 'no answer') : `answered ${status}`}
            {answer !== undefined && answer !== '' && <code> {answer}</code>}
          </li>
        ))}
      </ol>
      {redelivery.error !== null && <Failure error={redelivery.error} />}
      {redelivery.data !== undefined && (
        <Notice kind="neutral">Delivered again; the attempt came to: {redelivery.data.outcome}.</Notice>
      )}
      {mayRedeliver && (
        <div className="row">
          <Button
            disabled={redelivery.isPending}
            aria-label={`Deliver again: number ${sequence} to ${name}`}
            onClick={() => {
              redelivery.mutate();
            }}
          >
            Deliver again
          </Button>
        </div>
      )}
      <Code what={`command for number ${sequence}`} text={commandLine('redeliver', [name, String(sequence)])} />
    </Card>
  );
}
