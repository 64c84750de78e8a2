import type { CreatedSubscription } from '@keptn/api-models';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { callEventBroker } from '../../api/clients';
import { queryClient } from '../../api/queries';
import { Code } from '../../ui/code';
import { commandLine } from '../../ui/command-line';
import { Field, Form, listIn, type Texts } from '../../ui/form';
import { Notice } from '../../ui/notice';
import { Card, Page } from '../../ui/page';
import { subscriptionsQuery } from './subscriptions.queries';

/** Events that are posted to somebody from now on. */
export function NewSubscriptionView() {
  const [created, setCreated] = useState<CreatedSubscription>();
  return (
    <Page
      title="New subscription"
      within={[
        <Link key="subscriptions" to="/subscriptions">
          Subscriptions
        </Link>,
      ]}
    >
      {created === undefined ? (
        <SubscriptionForm onCreated={setCreated} />
      ) : (
        <Card>
          <h2>Subscription {created.name} is active</h2>
          <Notice kind="warning">
            Its requests are signed with this secret (Standard Webhooks), which the receiver needs. It is shown this
            once.
          </Notice>
          <Code what="signing secret" text={created.secret} />
        </Card>
      )}
    </Page>
  );
}

function SubscriptionForm({ onCreated }: { readonly onCreated: (subscription: CreatedSubscription) => void }) {
  const [texts, setTexts] = useState<Texts>({});
  const creation = useMutation({
    mutationFn: ({ name = '', sink = '', types = '', project = '', service = '', header = '', value = '' }: Texts) => {
      const exact = { ...(project && { project }), ...(service && { service }) };
      return callEventBroker('POST /v1/subscriptions', {
        body: {
          name,
          sink,
          types: listIn(types),
          filters: Object.keys(exact).length === 0 ? [] : [{ exact }],
          ...(header && { secretHeaders: { [header]: value } }),
        },
      });
    },
    onSuccess: async (created) => {
      onCreated(created);
      await queryClient.invalidateQueries(subscriptionsQuery);
    },
    // A header's value may be a secret; nothing keeps it.
    gcTime: 0,
  });
  const { name = '', sink = '', types = '', project = '', service = '', header = '' } = texts;
  const filters = Object.entries({ project, service }).flatMap(([key, value]) => (value ? [`${key}=${value}`] : []));
  return (
    <Card>
      <Form action="Create subscription" attempt={creation} onSubmit={creation.mutate} onTexts={setTexts}>
        <Field name="name" label="Name" required />
        <Field name="sink" label="URL that events are posted to" required type="url" />
        <Field name="types" label="Event types, with commas; all when empty" />
        <Field name="project" label="Only of this project (optional)" />
        <Field name="service" label="Only of this service (optional)" />
        <Field name="header" label="Secret header (optional)" placeholder="authorization" />
        <Field name="value" label="Value of the secret header" type="password" autoComplete="new-password" />
      </Form>
      <Code
        what="command that creates the subscription"
        text={commandLine('create subscription', [name || 'NAME'], {
          sink: sink || 'URL',
          type: listIn(types),
          filter: filters,
          'secret-header': header && `${header}=VALUE`,
        })}
      />
    </Card>
  );
}
