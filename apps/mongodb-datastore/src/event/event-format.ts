import { type IncomingHttpHeaders } from 'node:http';
import { LINE_STREAM } from '@keptn/api-models';
import { acceptedMediaType } from '@keptn/service-kit';

/** How events are answered: as pages in JSON, which is what everybody gets who does not ask, or all of them as lines. */
export type EventFormat = 'lines' | 'page';

/** @throws NotAcceptable */
export const formatOf = (headers: IncomingHttpHeaders): EventFormat =>
  acceptedMediaType(headers, ['application/json', LINE_STREAM]) === LINE_STREAM ? 'lines' : 'page';
