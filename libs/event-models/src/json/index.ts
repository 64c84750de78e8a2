/**
 * JSON whose numbers stay as they are spelled. `@keptn/event-models/json` is this part alone, for programs that have to start
 * quickly: it brings along neither zod nor YAML.
 */
export { InvalidJson, JsonTooDeep } from './json.errors';
export {
  ExactNumber,
  isExactNumber,
  isJsonObject,
  type JsonNumber,
  type JsonObject,
  type JsonScalar,
  type JsonValue,
  numberOf,
  setOwn,
} from './json-value';
export { JSON_DEPTH_LIMIT, type JsonFormat, type JsonOptions, parseJson, stringifyJson } from './exact-json';
export { jsonLinesOf } from './json-lines';
