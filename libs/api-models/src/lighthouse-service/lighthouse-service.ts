import { receiveEvent } from '../reacting/receive-event';

/** The routes of lighthouse-service. */
export const lighthouseServiceApi = { receiveEvent };
