import { listDeliveries, redeliver } from './delivery';
import { acceptEvent } from './event';
import { explainDistribution } from './explanation';
import {
  createSubscription,
  deleteSubscription,
  getSubscription,
  listSubscriptions,
  pauseSubscription,
  readSubscriptionPosition,
  replayEvents,
  resumeSubscription,
  rotateSecret,
  updateSubscription,
} from './subscription';

/** The routes of event-broker: the door for events of services in the cluster, subscriptions and their deliveries. */
export const eventBrokerApi = {
  createSubscription,
  listSubscriptions,
  getSubscription,
  readSubscriptionPosition,
  updateSubscription,
  deleteSubscription,
  pauseSubscription,
  resumeSubscription,
  rotateSecret,
  replayEvents,
  listDeliveries,
  redeliver,
  explainDistribution,
  acceptEvent,
};
