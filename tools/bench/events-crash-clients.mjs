/** Senders and readers of events that remember what they were told, and notice when an answer contradicts it. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

const PAGE_SIZE = 100;

/** Pause after a failure: the service is being started again. Milliseconds. */
const PAUSE_MS = 20;

/** Share of events whose sender does not try again after a failure, so that nobody knows whether they are stored. */
const GIVEN_UP = 0.02;

/** Contexts that get events at the same time; new ones are begun all along. */
const OPEN_CONTEXTS = 12;
const EVENTS_OF_A_CONTEXT = 40;

/** One Keptn context: what was sent to it, and the sequence numbers of what was acknowledged. */
class Trace {
  id = randomUUID();
  /** @type {Set<string>} */
  sent = new Set();
  /** @type {Map<string, number>} */
  acknowledged = new Map();
}

export class EventClients {
  /** @type {Trace[]} */
  traces = [];
  /** @type {string[]} */
  violations = [];
  counts = { acknowledged: 0, 'sent again': 0, 'given up': 0, 'right answers': 0, 'failed queries': 0 };
  isRunning = true;

  /** @param {() => { url: string, token: string }} service as it is at the moment */
  constructor(service) {
    this.service = service;
  }

  /** Sends events until the clients are stopped. */
  async write() {
    while (this.isRunning) {
      const trace = this.openTrace();
      const id = randomUUID();
      trace.sent.add(id);
      await this.send(trace, id);
    }
  }

  /** Asks for contexts until the clients are stopped. */
  async read() {
    while (this.isRunning) {
      const trace = this.traces[Math.floor(Math.random() * this.traces.length)];
      if (trace === undefined || !(await this.check(trace))) await delay(PAUSE_MS);
    }
  }

  /**
   * Reads a context page by page and compares it with what was acknowledged before.
   *
   * @param {Trace} trace
   * @returns {Promise<boolean>} false when the question was not answered
   */
  async check(trace) {
    const expected = [...trace.acknowledged.keys()];
    /** @type {string[]} */
    const found = [];
    try {
      for (let key = ''; key !== '0';) {
        const query = new URLSearchParams({ keptnContext: trace.id, pageSize: String(PAGE_SIZE), nextPageKey: key });
        const response = await this.call(`/event?${query.toString()}`);
        if (!response.ok) throw new Error(`answered ${response.status}`);
        const page = /** @type {{ events: { id: string }[], nextPageKey?: string }} */ (await response.json());
        found.push(...page.events.map(({ id }) => id));
        key = page.nextPageKey ?? '0';
      }
    } catch {
      this.counts['failed queries'] += 1;
      return false;
    }
    const distinct = new Set(found);
    const faults = [
      ...(distinct.size < found.length ? [`${found.length - distinct.size} events twice`] : []),
      ...expected.filter((id) => !distinct.has(id)).map((id) => `the acknowledged event ${id} is missing`),
      ...[...distinct].filter((id) => !trace.sent.has(id)).map((id) => `the event ${id} was never sent`),
    ];
    this.violations.push(...faults.map((fault) => `context ${trace.id}: ${fault}`));
    this.counts['right answers'] += Number(faults.length === 0);
    return true;
  }

  /** @param {Trace} trace @param {string} id */
  async send(trace, id) {
    const body = JSON.stringify({
      id,
      source: 'crash-bench',
      type: 'sh.keptn.event.configuration.change',
      shkeptncontext: trace.id,
      data: { project: 'crash', stage: 'dev', service: 'carts' },
    });
    for (let attempt = 1; this.isRunning; attempt++) {
      const sequence = await this.post(body);
      if (sequence !== undefined) {
        trace.acknowledged.set(id, sequence);
        this.counts.acknowledged += 1;
        if (attempt > 1) this.counts['sent again'] += 1;
        return;
      }
      if (Math.random() < GIVEN_UP) break;
      await delay(PAUSE_MS);
    }
    this.counts['given up'] += 1;
  }

  /** @param {string} body @returns {Promise<number | undefined>} the sequence number; undefined when it was not acknowledged */
  async post(body) {
    try {
      const headers = { 'content-type': 'application/json' };
      const response = await this.call('/event', { method: 'POST', headers, body });
      const answer = /** @type {{ sequence: number }} */ (await response.json());
      return response.status === 201 ? answer.sequence : undefined;
    } catch {
      return undefined;
    }
  }

  /** @param {string} path @param {RequestInit} [init] */
  call(path, init = {}) {
    const { url, token } = this.service();
    return fetch(url + path, { ...init, headers: { 'x-token': token, ...init.headers } });
  }

  openTrace() {
    const open = this.traces.slice(-OPEN_CONTEXTS).filter(({ sent }) => sent.size < EVENTS_OF_A_CONTEXT);
    const trace = open.length < OPEN_CONTEXTS / 2 ? new Trace() : open[Math.floor(Math.random() * open.length)];
    if (trace === undefined) throw new RangeError('no context is open');
    if (!this.traces.includes(trace)) this.traces.push(trace);
    return trace;
  }
}
