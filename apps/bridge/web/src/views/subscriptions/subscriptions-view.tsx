import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMay } from '../../api/rights';
import { Code } from '../../ui/code';
import { Loaded } from '../../ui/loaded';
import { Notice } from '../../ui/notice';
import { Card, Page } from '../../ui/page';
import { ReadAgainButton } from '../../ui/read-again-button';
import { SubscriptionCard } from './subscription-card';
import { subscriptionsQuery } from './subscriptions.queries';

/** Who gets which events, how far each has come, and what fails. */
export function SubscriptionsView() {
  const query = useQuery(subscriptionsQuery);
  const mayCreate = useMay('subscription:write', 'any project');
  return (
    <Page
      title="Subscriptions"
      actions={
        <>
          <ReadAgainButton query={query} />
          <Link className="button" to="/deliveries">
            Deliveries
          </Link>
          {mayCreate && (
            <Link className="button" to="/new-subscription">
              New subscription
            </Link>
          )}
        </>
      }
    >
      <Loaded query={query}>
        {({ subscriptions }) =>
          subscriptions.length === 0 ? (
            <Notice kind="neutral">Nobody subscribes to events yet.</Notice>
          ) : (
            <ul className="stack">
              {subscriptions.map((subscription) => (
                <li key={subscription.name}>
                  <SubscriptionCard subscription={subscription} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <Card>
        <h2>The same in a terminal</h2>
        <Code what="command that lists" text="keptn get subscriptions" />
      </Card>
    </Page>
  );
}
