/** What brings zod and YAML along, which take longer to load than a command takes: import this file where it is needed. */
export { newSubscription } from '@keptn/api-models/subscription';
export { InvalidShipyard, KeptnEventType, parseShipyard, toKeptnContext } from '@keptn/event-models';
