import type { Subscription } from '@keptn/api-models';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { callEventBroker } from '../../api/clients';
import { queryClient } from '../../api/queries';
import { Code, Json } from '../../ui/code';
import { commandLine } from '../../ui/command-line';
import { Form, type Texts } from '../../ui/form';
import { Loaded } from '../../ui/loaded';
import { Notice } from '../../ui/notice';
import { Card, Page } from '../../ui/page';
import { fieldsOfFilters, flagsIn, SubscriptionFields, subscriptionIn } from './subscription-form';
import { subscriptionQuery, subscriptionsQuery } from './subscriptions.queries';

const route = getRouteApi('/subscription/$name');

/** What a subscription wants, and where that goes, to be changed. Its secrets are never shown. */
export function EditSubscriptionView() {
  const { name } = route.useParams();
  const query = useQuery(subscriptionQuery(name));
  return (
    <Page
      title={`Change ${name}`}
      within={[
        <Link key="subscriptions" to="/subscriptions">
          Subscriptions
        </Link>,
      ]}
    >
      <Loaded query={query}>{(subscription) => <EditForm subscription={subscription} />}</Loaded>
    </Page>
  );
}

function EditForm({ subscription }: { readonly subscription: Subscription }) {
  const { name, types, filters, imported, maxAge, reportsOutcome, protocolSettings } = subscription;
  const navigate = useNavigate();
  const [texts, setTexts] = useState<Texts>();
  const isShown = fieldsOfFilters(filters) !== undefined;
  const changed = (given: Texts) => {
    const wanted = subscriptionIn(given);
    return { ...wanted, filters: isShown ? wanted.filters : filters };
  };
  const change = useMutation({
    mutationFn: (given: Texts) =>
      callEventBroker('PUT /v1/subscriptions/{name}', {
        parameters: { name },
        // What the form does not have stays as it is.
        body: { imported, maxAge, reportsOutcome, protocolSettings, ...changed(given) },
      }),
    onSuccess: async () => {
      await queryClient.invalidateQueries(subscriptionsQuery);
      await navigate({ to: '/subscriptions' });
    },
    // A header's value may be a secret; nothing keeps it.
    gcTime: 0,
  });
  const next = texts && changed(texts);
  const isEmptied =
    next !== undefined &&
    ((types.length > 0 && next.types.length === 0) || (filters.length > 0 && next.filters.length === 0));
  return (
    <Card>
      <Form action="Save changes" attempt={change} onSubmit={change.mutate} onTexts={setTexts}>
        <SubscriptionFields now={subscription} />
      </Form>
      {!isShown && (
        <>
          <p>Its filters are of more kinds than this form has fields for, and stay as they are:</p>
          <Json what="filters" value={filters} />
        </>
      )}
      <p className="muted small">Its position in the log stays, so that no event is lost or delivered twice.</p>
      <Code
        what="command that changes the subscription"
        text={commandLine('update subscription', [name], texts && flagsIn(texts))}
      />
      {isEmptied && (
        <Notice kind="neutral">
          The command leaves alone what no flag names. A list is emptied with{' '}
          <code>keptn apply -f subscriptions.yaml</code>.
        </Notice>
      )}
    </Card>
  );
}
