import type { ApiRequest, Transport } from '@keptn/api-models/client';
import { ApiFailure } from './api-failure';
import { parseJson } from './parse-json';
import { sessionEnded } from './session-end';

/** Where the Bridge is, with a slash at its end, e.g. `/bridge/`. */
export const BASE_PATH = new URL(document.baseURI).pathname;

/** By it the Bridge knows its own pages. */
const PAGE_HEADER = { 'X-Keptn-Bridge': '1' };

export interface Answer {
  readonly headers: Headers;
  /** The parsed JSON; undefined when there is none. */
  readonly body: unknown;
}

/**
 * Sends a request of a service's client through the Bridge.
 *
 * @param folder of the service below the Bridge, e.g. `api/configuration-service`
 * @throws ApiFailure
 */
export async function send(folder: string, request: ApiRequest): Promise<Answer> {
  const { response, text } = await receive(`${BASE_PATH}${folder}${request.path}`, optionsOf(request));
  if (response.ok) return { headers: response.headers, body: text === '' ? undefined : parseJson(text) };
  if (response.status === 401 && folder !== '.') sessionEnded();
  throw ApiFailure.ofAnswer(response, text);
}

/** @throws ApiFailure when there is no whole answer */
async function receive(url: string, options: RequestInit): Promise<{ response: Response; text: string }> {
  try {
    const response = await fetch(url, options);
    return { response, text: await response.text() };
  } catch (error) {
    throw ApiFailure.ofConnection(error);
  }
}

/** @param folder of the service below the Bridge */
export const transportTo =
  (folder: string): Transport =>
  async (request) =>
    (await send(folder, request)).body;

const optionsOf = ({ method, body, headers, signal }: ApiRequest): RequestInit => ({
  method,
  headers: {
    accept: 'application/json',
    ...PAGE_HEADER,
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...headers,
  },
  credentials: 'same-origin',
  ...(body !== undefined && { body: JSON.stringify(body) }),
  ...(signal !== undefined && { signal }),
});
