/** A running system with a project whose service has a quality gate. */
import { Buffer } from 'node:buffer';

export const WHERE = { project: 'bench', stage: 'staging', service: 'carts' };

/** @param {number} indicators @param {number} earlier */
export const sloOf = (indicators, earlier) =>
  [
    `comparison: {compare_with: several_results, number_of_comparison_results: ${earlier}}`,
    'objectives:',
    ...namesOf(indicators).map(
      (sli) => `- {sli: ${sli}, pass: [{criteria: ["<=+10%", "<600"]}], warning: [{criteria: ["<=800"]}]}`,
    ),
    'total_score: {pass: 90%, warning: 75%}',
  ].join('\n');

/** @param {number} indicators */
export const namesOf = (indicators) => Array.from({ length: indicators }, (_none, index) => `indicator_${index}`);

/** @param {number} indicators */
export const valuesOf = (indicators) =>
  namesOf(indicators).map((metric, index) => ({ metric, value: 300 + index, success: true }));

const base64 = (/** @type {string} */ text) => Buffer.from(text).toString('base64');

/** The API of a running system, as its clients use it. */
export class GateClient {
  /** @param {{ endpoint: string, token: string }} system */
  constructor({ endpoint, token }) {
    this.endpoint = endpoint;
    this.token = token;
  }

  /** @param {string} path @param {unknown} body @param {string} [type] @returns {Promise<unknown>} */
  async post(path, body, type = 'application/json') {
    const answer = await fetch(this.endpoint + path, {
      method: 'POST',
      headers: { 'x-token': this.token, 'content-type': type },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** @param {string} slo */
  async createGate(slo) {
    const { project, stage, service } = WHERE;
    await this.post('/v1/project', { name: project, shipyard: base64(`stages: [{name: ${stage}}]`) });
    await this.post(`/v1/project/${project}/service`, { serviceName: service });
    await this.post(`/configuration-service/v1/project/${project}/stage/${stage}/service/${service}/resource`, {
      resources: [{ resourceURI: 'slo.yaml', resourceContent: base64(slo) }],
    });
  }

  /** @param {string} type @param {object} data @param {string} [shkeptncontext] @returns {Promise<string>} the Keptn context */
  async send(type, data, shkeptncontext) {
    const event = { specversion: '1.0', type, source: 'bench', data, ...(shkeptncontext && { shkeptncontext }) };
    const accepted = /** @type {{ keptnContext: string }} */ (await this.post('/v1/event', event));
    return accepted.keptnContext;
  }

  /** @param {object} [more] @returns {Promise<string>} the Keptn context */
  startEvaluation(more = {}) {
    const frame = { start: '2020-11-05T10:00:00.000Z', end: '2020-11-05T10:05:00.000Z' };
    const data = { ...WHERE, ...frame, teststrategy: 'manual', deploymentstrategy: '', labels: null, ...more };
    return this.send('sh.keptn.event.start-evaluation', data);
  }
}
