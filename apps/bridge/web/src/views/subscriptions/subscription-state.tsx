import type { Subscription } from '@keptn/api-models';
import { Status } from '../../ui/status';

export function SubscriptionState({ subscription }: { readonly subscription: Subscription }) {
  const { state, stateReason, failingSince } = subscription;
  if (state === 'active') {
    return failingSince === undefined ? <Status kind="good">active</Status> : <Status kind="bad">failing</Status>;
  }
  return (
    <>
      <Status kind="waiting">{state}</Status>
      {stateReason !== undefined && <span className="muted break">{stateReason}</span>}
    </>
  );
}
