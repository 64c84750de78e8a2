/** An event as the log serves it. Whoever sent it decides what is in it, so nothing here relies on a field being there. */
export interface LoggedEvent {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly time: string;
  readonly keptnContext: string;
  readonly triggeredId: string | undefined;
  readonly project: string;
  readonly stage: string;
  readonly service: string;
  readonly data: Fields;
  /** All of it, as it came. */
  readonly whole: unknown;
}

export type Fields = Readonly<Record<string, unknown>>;

export function toLoggedEvent(whole: unknown): LoggedEvent {
  const event = fieldsIn(whole);
  const data = fieldsIn(event['data']);
  return {
    id: textIn(event, 'id'),
    type: textIn(event, 'type'),
    source: textIn(event, 'source'),
    time: textIn(event, 'time'),
    keptnContext: textIn(event, 'shkeptncontext'),
    triggeredId: textIn(event, 'triggeredid') || undefined,
    project: textIn(data, 'project'),
    stage: textIn(data, 'stage'),
    service: textIn(data, 'service'),
    data,
    whole,
  };
}

const PROJECT_LIFE = /^sh\.keptn\.internal\.event\.project\.(?:create|delete)$/;

/** With its project all that belongs to it comes and goes, whatever else the events of that say. */
export const isOfProjectLife = ({ type }: LoggedEvent): boolean => PROJECT_LIFE.test(type);

/** @returns empty for what is no object */
export const fieldsIn = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/** @returns empty for what is no text */
export const textIn = (fields: Fields, name: string): string => {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
};

/** Only these are made into links; `javascript:` and the like stay text. */
export const isWebAddress = (text: string): boolean => /^https?:\/\/[^\s]+$/i.test(text) && URL.canParse(text);
