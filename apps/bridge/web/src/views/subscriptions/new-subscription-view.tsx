import type { CreatedSubscription } from '@keptn/api-models';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { callEventBroker } from '../../api/clients';
import { queryClient } from '../../api/queries';
import { Code } from '../../ui/code';
import { commandLine } from '../../ui/command-line';
import { Field, Form, type Texts } from '../../ui/form';
import { Notice } from '../../ui/notice';
import { Card, Page } from '../../ui/page';
import { flagsIn, SubscriptionFields, subscriptionIn } from './subscription-form';
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
    mutationFn: (given: Texts) =>
      callEventBroker('POST /v1/subscriptions', { body: { name: given['name'] ?? '', ...subscriptionIn(given) } }),
    onSuccess: async (created) => {
      onCreated(created);
      await queryClient.invalidateQueries(subscriptionsQuery);
    },
    // A header's value may be a secret; nothing keeps it.
    gcTime: 0,
  });
  const { name = '', sink = '' } = texts;
  return (
    <Card>
      <Form action="Create subscription" attempt={creation} onSubmit={creation.mutate} onTexts={setTexts}>
        <Field name="name" label="Name" required />
        <SubscriptionFields />
      </Form>
      <Code
        what="command that creates the subscription"
        text={commandLine('create subscription', [name || 'NAME'], { ...flagsIn(texts), sink: sink || 'URL' })}
      />
    </Card>
  );
}
