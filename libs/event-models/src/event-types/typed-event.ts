import { type JsonNumber, type JsonObject } from '../json/json-value';
import { type DataOf } from './event-data';
import { type KeptnEventType } from './event-type';

/** Any further field may be received; sent are those that are known. */
type IsKnown<Key, Value> = string extends Key ? (unknown extends Value ? never : Key) : Key;

type Immutable<Value> = Value extends JsonNumber
  ? Value
  : Value extends readonly (infer Item)[]
    ? readonly Immutable<Item>[]
    : Value extends object
      ? { readonly [Key in keyof Value as IsKnown<Key, Value[Key]>]: Immutable<Value[Key]> }
      : Value;

/** The data of an event that is to be sent. */
export type SentData<Type extends KeptnEventType> = Immutable<DataOf<Type>> & JsonObject;

/** Type and data of an event that is to be sent: data that does not have the form of its type does not compile. */
export type TypedEvent = {
  [Type in KeptnEventType]: { readonly type: Type; readonly data: SentData<Type> };
}[KeptnEventType];

/** An event of Keptn's catalogue: `event(KeptnEventType.projectDelete, { project })`. */
export function event<Type extends KeptnEventType>(type: Type, data: SentData<Type>): TypedEvent {
  return { type, data } as TypedEvent;
}

/** The same event with further fields in its data. */
export function withFurtherData<Event extends TypedEvent>(sent: Event, fields: JsonObject): Event {
  return { ...sent, data: { ...sent.data, ...fields } };
}
