import { isJsonObject, type JsonValue } from '@keptn/event-models';

/** Holds `{keptnContext, token}`; the token opens the websocket channel of the context. */
const CONTEXT_KEY = 'eventContext';

/** Whether JSON text can have a key {@link withoutTickets} would empty; written JSON spells it in this one way. */
export function mayHoldTickets(json: string): boolean {
  return json.includes(`"${CONTEXT_KEY}"`);
}

/** The same value with null for every `eventContext`, at any depth, as the original serves it (contract 5.3). */
export function withoutTickets(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(withoutTickets);
  if (!isJsonObject(value)) return value;
  // Object.fromEntries defines own properties, so a key named __proto__ stays a key.
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, key === CONTEXT_KEY ? null : withoutTickets(child)]),
  );
}
