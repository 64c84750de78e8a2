import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

/** The three APIs of a Keptn control plane, as a client behind its gateway sees them. */
export class KeptnApi {
  /**
   * @param {string} endpoint e.g. http://localhost:8080/api
   * @param {string} token sent as x-token
   */
  constructor(endpoint, token) {
    this.endpoint = endpoint.replace(/\/+$/, '');
    this.token = token;
  }

  /**
   * @param {'GET' | 'POST' | 'PUT' | 'DELETE'} method
   * @param {string} path below the endpoint
   * @param {unknown} [body] sent as JSON
   * @returns {Promise<any>} the JSON of the answer, undefined when it has no body
   */
  async call(method, path, body) {
    const response = await fetch(`${this.endpoint}${path}`, {
      method,
      headers: { 'x-token': this.token, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch((error) => {
      throw new Error(`${this.endpoint} cannot be reached: is it running? (npm start)`, { cause: error });
    });
    const text = await response.text();
    if (!response.ok) {
      throw new KeptnApiError(response.status, `${method} ${path} answered ${response.status}: ${messageOf(text)}`);
    }
    return text === '' ? undefined : JSON.parse(text);
  }
}

export class KeptnApiError extends Error {
  /**
   * @param {number} status HTTP status of the answer
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** @param {string} text */
const messageOf = (text) => {
  try {
    return JSON.parse(text).message ?? text;
  } catch {
    return text;
  }
};

/**
 * The API of the system that the environment names: KEPTN_ENDPOINT and KEPTN_API_TOKEN, or what `npm start` runs here.
 *
 * @param {{ endpoint?: string | undefined, token?: string | undefined }} [given] overrides the environment
 */
export function connectKeptnApi({ endpoint, token } = {}) {
  return new KeptnApi(
    endpoint ?? process.env['KEPTN_ENDPOINT'] ?? 'http://localhost:8080/api',
    token ?? process.env['KEPTN_API_TOKEN'] ?? tokenOfDataFolder(),
  );
}

/** @returns {string} */
const tokenOfDataFolder = () => {
  const file = join(process.env['KEPTN_DATA_DIR'] ?? '.keptn', 'token');
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new Error(`there is no token in ${file}: start the system with npm start, or set KEPTN_API_TOKEN`);
  }
};
