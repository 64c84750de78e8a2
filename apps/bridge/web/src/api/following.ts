import { liveEvents } from './queries';

/**
 * For read models that follow the log: what the page has seen there has to be in their answers. Without an event so far nothing has to
 * be waited for.
 */
export const following = (): { readonly notOlderThan?: string } =>
  liveEvents.position === 0 ? {} : { notOlderThan: String(liveEvents.position) };
