import { type JsonObject, type JsonValue } from '../json/json-value';

/** The versions of the CloudEvents specification that are read and written. */
export const SPEC_VERSIONS = ['0.2', '0.3', '1.0'] as const;
export type SpecVersion = (typeof SPEC_VERSIONS)[number];

/** A CloudEvent as an immutable value, independent of the form that it was sent in. */
export interface KeptnEvent {
  /** The version that the sender used; decides the names on the wire. */
  readonly specversion: SpecVersion;
  /** Absent when the sender gave none. */
  readonly id?: string;
  /** Empty when the sender gave an empty one and the reader had no default for it. */
  readonly source: string;
  readonly type: string;
  /** RFC 3339, with the sender's offset and precision; absent when not given. */
  readonly time?: string;
  /** Media type of the data: `contenttype` of 0.2, `datacontenttype` from 0.3 on. */
  readonly datacontenttype?: string;
  /** JSON data, or the text of a textual media type. */
  readonly data?: JsonValue;
  /** Data that is neither JSON nor text, in base64. */
  readonly dataBase64?: string;
  /** As sent: see `toKeptnContext` for the context that the event belongs to. */
  readonly shkeptncontext?: string;
  readonly triggeredid?: string;
  /** All other attributes, such as `subject`, `traceparent` and foreign extensions. */
  readonly extensions: JsonObject;
}
