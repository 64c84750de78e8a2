import { type ProtocolSettings } from '@keptn/api-models';
import { type LogEvent } from '../log/log-event';
import { binaryContent } from './binary-content';
import { type PostContent } from './http-post';
import { CompiledTemplate } from './compiled-template';

/** Makes the request of an event. */
export type ContentMaker = (event: LogEvent) => PostContent;

/** @throws InvalidTemplate */
export function contentMakerOf({ mode, template }: Pick<ProtocolSettings, 'mode' | 'template'>): ContentMaker {
  if (template !== undefined) {
    const compiled = new CompiledTemplate(template);
    return (event) => compiled.render(event);
  }
  return mode === 'binary' ? binaryContent : structuredContent;
}

const structuredContent = ({ text }: LogEvent): PostContent => ({
  headers: { 'content-type': 'application/cloudevents+json' },
  body: text,
});
