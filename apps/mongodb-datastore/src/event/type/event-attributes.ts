import { type StoredEvent } from '../../log/event.schema';

/**
 * The JSON text of an event without its data and extensions. `sequence` is that of the CloudEvents extension: the number that the log
 * gave to this event and gives to no other, so what was read under it before has not changed.
 */
export function attributesOf({
  _id,
  id,
  source,
  type,
  specversion,
  time,
  shkeptncontext,
  triggeredid,
}: StoredEvent): string {
  const sequence = String(_id);
  return JSON.stringify({ specversion, id, source, type, time, shkeptncontext, triggeredid, sequence });
}
