import { type KeptnEvent } from './keptn-event';

/**
 * Extension attribute of the events that came into a log by an import: when. They are history. Queries find them like any other
 * event, but they are delivered only to subscribers that ask for them, and no waiting time begins with them.
 */
export const IMPORT_TIME = 'importtime';

export const isImported = ({ extensions }: Pick<KeptnEvent, 'extensions'>): boolean =>
  Object.hasOwn(extensions, IMPORT_TIME);
