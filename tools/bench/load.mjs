/** HTTP clients that each keep one connection open and send one request after the other. */
import { Client } from 'undici';

/** @typedef {{ method: 'GET' | 'PUT' | 'POST', path: string, body?: unknown, headers?: Record<string, string> }} Call */
/** @typedef {{ status: number, text: string }} Answer */
/** @typedef {{ perSecond: number, p50: number, p99: number, requests: number }} Figures latencies in milliseconds */

/** @param {readonly number[]} sorted @param {number} share @returns {number} */
const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;

/** @param {readonly number[]} values */
export const median = (values) =>
  quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );

/** @param {readonly number[]} milliseconds @returns {{ p50: number, p99: number }} */
export const percentiles = (milliseconds) => {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  return { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) };
};

/** One connection. */
export class Connection {
  /** @param {string} url */
  constructor(url) {
    this.client = new Client(url, { pipelining: 1 });
  }

  /** @param {Call} call @returns {Promise<Answer>} */
  async send({ method, path, body, headers }) {
    const response = await this.client.request({
      method,
      path,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.statusCode, text: await response.body.text() };
  }

  /** @param {Call} call @returns {Promise<string>} the body @throws Error when the answer is no success */
  async call(call) {
    const { status, text } = await this.send(call);
    if (status >= 300) {
      throw new Error(`${call.method} ${call.path} was answered with ${status}: ${text}`);
    }
    return text;
  }

  close() {
    return this.client.destroy();
  }
}

/**
 * Has clients send requests until the time is over, and measures those.
 * @param {string} url
 * @param {{ clients: number, seconds?: number, requests?: number }} amount for a time, or a number of requests in all
 * @param {() => Call} next makes the next request
 * @returns {Promise<Figures>}
 * @throws Error when an answer is no success
 */
export async function load(url, { clients, seconds = Infinity, requests = Infinity }, next) {
  /** @type {number[]} */
  const latencies = [];
  const started = performance.now();
  let left = requests;
  const client = async () => {
    const connection = new Connection(url);
    while (left-- > 0 && performance.now() - started < seconds * 1000) {
      const sent = performance.now();
      await connection.call(next());
      latencies.push(performance.now() - sent);
    }
    await connection.close();
  };
  await Promise.all(Array.from({ length: clients }, client));
  const took = (performance.now() - started) / 1000;
  return { requests: latencies.length, perSecond: latencies.length / took, ...percentiles(latencies) };
}
