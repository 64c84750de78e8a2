import { type JsonObject } from '../json/json-value';
import { type DataOf } from './event-data';
import { type KeptnEventType } from './event-type';

declare const isChecked: unique symbol;

/** Type and data of an event that is to be sent. Only {@link event} makes it, so that the data has the form of the type. */
export interface TypedEvent {
  readonly type: KeptnEventType;
  readonly data: JsonObject;
  readonly [isChecked]: true;
}

/** An event of Keptn's catalogue: `event(KeptnEventType.projectDelete, { project })`. */
export function event<Type extends KeptnEventType>(type: Type, data: DataOf<Type> & JsonObject): TypedEvent {
  return { type, data } as TypedEvent;
}
