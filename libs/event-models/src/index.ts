/**
 * The words of the domain that services and clients share: names, contexts, events, the files that Keptn reads, and the
 * bodies of answers. Nothing here knows HTTP frameworks or storage.
 */

export {
  NAME_LIMIT,
  projectName,
  type ProjectName,
  serviceName,
  type ServiceName,
  stageName,
  type StageName,
} from './names/names';
export { resourceUri, type ResourceUri } from './names/resource-uri';
export {
  type Base64Content,
  base64Content,
  type Base64ContentOptions,
  decodeBase64Content,
  encodeBase64Content,
} from './names/base64-content';
export { keptnContext, type KeptnContext, toKeptnContext } from './names/keptn-context';
export { derivedUuid } from './names/derived-uuid';

export * from './json';

export { type EventRefusal, InvalidEvent } from './envelope/invalid-event';
export { type KeptnEvent, type SpecVersion } from './envelope/keptn-event';
export { IMPORT_TIME, isImported } from './envelope/import-time';
export { toRfc3339 } from './envelope/event-time';
export { cloudEventAnswer, cloudEventBody, type RequiredAttribute } from './envelope/cloud-event.schema';
export { type EventReadOptions } from './envelope/read-attributes';
export { fromStructured } from './envelope/structured';
export { fromRequest, type PostedEvents, readOrRefused } from './envelope/posted-events';
export { type EventHeaders } from './envelope/binary';
export { toWire } from './envelope/wire';

export { invalidatedTypeOf, KeptnEventType, revalidatedTypeOf } from './event-types/event-type';
export { type DataOf, keptnEventData } from './event-types/event-data';
export { event, type SentData, type TypedEvent, withFurtherData } from './event-types/typed-event';

export { describeFinding, type Finding } from './files/finding';
export {
  type ApprovalDecision,
  decodeShipyard,
  InvalidShipyard,
  parseShipyard,
  type Shipyard,
  type ShipyardSequence,
  type ShipyardStage,
  type ShipyardTask,
  type ShipyardTrigger,
} from './files/shipyard';
export { type RemediationFile, type SimpleRemediationFile } from './files/remediation.schema';
export {
  actionsAgainst,
  InvalidRemediation,
  parseRemediation,
  type RemediationAction,
  type RemediationEntry,
} from './files/remediation';
export { type SliFile, sliFile } from './files/sli.schema';
export { InvalidSli, parseSli, type SliEntry } from './files/sli';
export { type SloFile, sloFile } from './files/slo.schema';
export { type Comparison, type CriteriaBlock, InvalidSlo, type Objective, parseSlo, type Slo } from './files/slo';
export { type Criterion, goFloat, parseCriterion } from './files/criterion';
export { validateResource } from './files/validate-resource';
export { parseYaml, YAML_SIZE_LIMIT } from './files/yaml-file';
