import type {
  api,
  bridgeApi,
  configurationApi,
  eventBrokerApi,
  eventLogApi,
  lighthouseServiceApi,
  shipyardControllerApi,
} from '@keptn/api-models';
import { createClient } from '@keptn/api-models/client';
import { transportTo } from './transport';

/** The typed clients of all services. Only types are imported from the contracts, so no schema reaches the browser. */
export const callApi = createClient<typeof api>(transportTo('api'));
export const callBridge = createClient<typeof bridgeApi>(transportTo('.'));
export const callConfiguration = createClient<typeof configurationApi>(transportTo('api/configuration-service'));
export const callEventBroker = createClient<typeof eventBrokerApi>(transportTo('api/event-broker'));
export const callEventLog = createClient<typeof eventLogApi>(transportTo('api/mongodb-datastore'));
export const callLighthouse = createClient<typeof lighthouseServiceApi>(transportTo('api/lighthouse-service'));
export const callShipyard = createClient<typeof shipyardControllerApi>(transportTo('api/shipyard-controller'));
