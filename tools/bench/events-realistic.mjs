/** Events as a busy Keptn has them: deliveries of several projects, each a chain of events in one context. */
import { randomUUID } from 'node:crypto';

/** @typedef {{ project: string, stage: string, service: string }} Place */
/**
 * @typedef {object} KeptnEvent as it is sent, CloudEvents 0.2
 * @property {string} id
 * @property {string} source
 * @property {string} specversion
 * @property {string} contenttype
 * @property {string} time
 * @property {string} type
 * @property {string} shkeptncontext
 * @property {string} [triggeredid]
 * @property {Place & Record<string, unknown>} data
 */

export const STAGES = ['dev', 'staging', 'production'];
const SERVICE_COUNT = 10;

/** Who says what in one delivery, in this order; a delivery ends anywhere from the fourth step on. */
const STEPS = [
  ['sh.keptn.event.configuration.change', 'https://github.com/keptn/keptn/cli#configuration-change'],
  ['sh.keptn.events.deployment-finished', 'helm-service'],
  ['sh.keptn.events.tests-finished', 'jmeter-service'],
  ['sh.keptn.event.start-evaluation', 'lighthouse-service'],
  ['sh.keptn.internal.event.get-sli', 'lighthouse-service'],
  ['sh.keptn.internal.event.get-sli.done', 'prometheus-service'],
  ['sh.keptn.events.evaluation-done', 'lighthouse-service'],
  ['sh.keptn.events.evaluation.invalidated', 'bridge'],
];
const SHORTEST_DELIVERY = 4;

export const TYPES = STEPS.map(([type = '']) => type);
export const SOURCES = [...new Set(STEPS.map(([, source = '']) => source))];

/** Deliveries that are under way at the same time, so that their events lie mixed in the log. */
const OPEN_DELIVERIES = 64;

/** Mean time between two events of the log, in milliseconds. */
const EVENT_INTERVAL_MS = 900;

/** @param {number} index */
export const serviceName = (index) => `service-${index}`;

/**
 * A source of random numbers that is the same in every run.
 *
 * @param {number} seed
 * @returns {() => number} gives numbers from 0 up to but not including 1
 */
export function randomNumbers(seed) {
  let state = seed;
  // mulberry32
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @param {number} step @param {Place} place @param {() => number} random @returns {KeptnEvent['data']} about 0.7 KB */
function dataOf(step, place, random) {
  const strategies = { teststrategy: 'performance', deploymentstrategy: 'blue_green_service' };
  const result = random() < 0.8 ? 'pass' : 'fail';
  const image = `docker.io/keptnexamples/${place.service}`;
  const labels = { build: String(Math.floor(random() * 1e6)), owner: 'a-team', commit: randomUUID().slice(0, 8) };
  if (step === 0) {
    return { ...place, labels, valuesCanary: { image: `${image}:0.13.1` }, canary: { value: 100, action: 'set' } };
  }
  const measured = ['response_time_p50', 'response_time_p95', 'error_rate', 'throughput'].map((metric) => ({
    metric,
    value: random() * 1000,
    success: true,
    message: '',
  }));
  return { ...place, labels, ...strategies, result, image, tag: '0.13.1', indicatorValues: measured };
}

/**
 * Events without an end, in the order of their times.
 *
 * @param {object} options
 * @param {readonly string[]} options.projects the first ones have more deliveries than the last ones
 * @param {number} options.startMs time of the first event, in milliseconds since 1970
 * @param {() => number} options.random
 * @returns {Generator<{ event: KeptnEvent, timeMs: number, isLast: boolean }, never, undefined>}
 */
export function* realisticEvents({ projects, startMs, random }) {
  const begin = () => ({
    place: {
      project: projects[Math.floor(random() ** 2 * projects.length)] ?? '',
      stage: STAGES[Math.floor(random() * STAGES.length)] ?? '',
      service: serviceName(Math.floor(random() ** 2 * SERVICE_COUNT)),
    },
    shkeptncontext: randomUUID(),
    length: SHORTEST_DELIVERY + Math.floor(random() * (STEPS.length - SHORTEST_DELIVERY + 1)),
    step: 0,
    lastId: '',
  });
  const open = Array.from({ length: OPEN_DELIVERIES }, begin);
  for (let timeMs = startMs; ; timeMs += Math.ceil(random() * 2 * EVENT_INTERVAL_MS)) {
    const at = Math.floor(random() * open.length);
    const delivery = open[at] ?? begin();
    const [type = '', source = ''] = STEPS[delivery.step] ?? [];
    const id = randomUUID();
    /** @type {KeptnEvent} */
    const event = {
      id,
      source,
      specversion: '0.2',
      contenttype: 'application/json',
      time: new Date(timeMs).toISOString(),
      type,
      shkeptncontext: delivery.shkeptncontext,
      ...(delivery.step > 0 && { triggeredid: delivery.lastId }),
      data: dataOf(delivery.step, delivery.place, random),
    };
    delivery.lastId = id;
    delivery.step += 1;
    const isLast = delivery.step === delivery.length;
    if (isLast) open[at] = begin();
    yield { event, timeMs, isLast };
  }
}
