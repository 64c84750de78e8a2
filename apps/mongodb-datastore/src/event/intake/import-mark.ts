import { IMPORT_TIME, type KeptnEvent } from '@keptn/event-models';

/** Marks an event as history; the mark is the first attribute of its text. */
export function withImportMark(event: KeptnEvent, time: Date): KeptnEvent {
  return { ...event, extensions: { [IMPORT_TIME]: time.toISOString(), ...withoutImportMark(event).extensions } };
}

/** What happens now is no history, wherever the sender has copied it from. */
export function withoutImportMark(event: KeptnEvent): KeptnEvent {
  const { [IMPORT_TIME]: _mark, ...extensions } = event.extensions;
  return _mark === undefined ? event : { ...event, extensions };
}

const MARK = new RegExp(`^\\{"${IMPORT_TIME}":"[^"]*",`);

/** The text of an event as it was before it was imported here. */
export const textWithoutImportMark = (text: string): string => text.replace(MARK, '{');
