/** Reads from a control plane over its gateway. */
export class Api {
  /**
   * @param {string} endpoint e.g. http://localhost:8080/api
   * @param {string} token sent as x-token
   */
  constructor(endpoint, token) {
    this.endpoint = endpoint;
    this.token = token;
  }

  /**
   * @param {string} path below the endpoint
   * @returns {Promise<any>} the JSON of the answer
   */
  async get(path) {
    const response = await fetch(this.endpoint + path, { headers: { 'x-token': this.token } });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`GET ${path} answered ${response.status}: ${text}`);
    }
    return JSON.parse(text);
  }
}
