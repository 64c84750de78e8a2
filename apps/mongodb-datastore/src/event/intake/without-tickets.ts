import { isJsonObject, type JsonObject, type JsonValue, setOwn } from '@keptn/event-models';

/** Holds `{keptnContext, token}`; the token opens the websocket channel of the context. */
const CONTEXT_KEY = 'eventContext';

/**
 * The same value with null for every `eventContext`, at any depth, as the original serves it (contract 5.3). What holds none
 * is not copied.
 */
export function withoutTickets(value: JsonValue): JsonValue {
  if (Array.isArray(value)) {
    const items = value as readonly JsonValue[];
    const reduced = items.map(withoutTickets);
    return reduced.every((item, index) => item === items[index]) ? items : reduced;
  }
  if (!isJsonObject(value)) return value;
  let reduced: JsonObject | undefined;
  for (const key of Object.keys(value)) {
    const child = value[key] as JsonValue;
    const replacement = key === CONTEXT_KEY ? null : withoutTickets(child);
    if (replacement === child) continue;
    reduced ??= { ...value };
    setOwn(reduced, key, replacement);
  }
  return reduced ?? value;
}
