/** A project over three stages, and those who deploy, test, evaluate, approve and act in it. */
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

const PROJECT = 'bench';
export const SERVICE = 'carts';
export const LAST_STAGE = 'production';

export const TYPES = {
  change: 'sh.keptn.event.configuration.change',
  deployed: 'sh.keptn.events.deployment-finished',
  tested: 'sh.keptn.events.tests-finished',
  evaluated: 'sh.keptn.events.evaluation-done',
  approvalTriggered: 'sh.keptn.event.approval.triggered',
  approvalFinished: 'sh.keptn.event.approval.finished',
  problemOpen: 'sh.keptn.event.problem.open',
  remediationTriggered: 'sh.keptn.event.remediation.triggered',
  statusChanged: 'sh.keptn.event.remediation.status.changed',
  remediationFinished: 'sh.keptn.event.remediation.finished',
  actionTriggered: 'sh.keptn.event.action.triggered',
  actionFinished: 'sh.keptn.event.action.finished',
  startEvaluation: 'sh.keptn.event.start-evaluation',
};

const SHIPYARD = `
stages:
  - { name: dev, deployment_strategy: direct }
  - { name: staging, deployment_strategy: blue_green_service, approval_strategy: { pass: automatic, warning: manual } }
  - name: production
    deployment_strategy: blue_green_service
    approval_strategy: { pass: manual, warning: manual }
    remediation_strategy: automated
`;

const REMEDIATION = `
apiVersion: spec.keptn.sh/0.1.4
spec:
  remediations:
    - { problemType: Response time, actionsOnOpen: [{ action: scaling, value: "1" }, { action: toggle }] }
`;

/** Between two attempts to send an event to a system that is being killed, in milliseconds. */
const RETRY_MS = 50;

const base64 = (/** @type {string} */ text) => Buffer.from(text).toString('base64');

/** @param {import('./gate-under-test.mjs').GateClient} client @param {string} [shipyard] its last stage is production */
export async function createProject(client, shipyard = SHIPYARD) {
  await client.post('/v1/project', { name: PROJECT, shipyard: base64(shipyard) });
  await client.post(`/v1/project/${PROJECT}/service`, { serviceName: SERVICE });
  const path = `/configuration-service/v1/project/${PROJECT}/stage/${LAST_STAGE}/service/${SERVICE}/resource`;
  await client.post(path, { resources: [{ resourceURI: 'remediation.yaml', resourceContent: base64(REMEDIATION) }] });
}

/** @param {string} stage @param {object} [data] */
export const subject = (stage, data = {}) => ({ project: PROJECT, stage, service: SERVICE, labels: null, ...data });

/** Sends events with ids of their own, each until it is stored, as a durable sender does. */
export class DurableSender {
  /** @param {{ endpoint: string, token: string }} system */
  constructor({ endpoint, token }) {
    this.url = `${endpoint}/mongodb-datastore/event`;
    this.headers = { 'content-type': 'application/json', 'x-token': token };
  }

  /** @param {string} key what makes this event another one @param {string} shkeptncontext @param {object} event */
  async send(key, shkeptncontext, event) {
    const id = createHash('sha256').update(key).digest('hex').slice(0, 32);
    const body = JSON.stringify({ specversion: '1.0', id, source: 'a-player', shkeptncontext, ...event });
    for (;;) {
      const answer = await fetch(this.url, { method: 'POST', headers: this.headers, body }).catch(() => undefined);
      const text = await answer?.text().catch(() => undefined);
      if (answer?.ok === true && text !== undefined) return;
      if (answer !== undefined && answer.status < 500) throw new Error(`the log answered ${answer.status}: ${text}`);
      await delay(RETRY_MS);
    }
  }
}

/**
 * What the others do about an event: undefined for events that they do not answer.
 *
 * @typedef {{ verdict: (stage: string) => string, decision: string, healed: number }} Story
 *   how the evaluation of a stage ends, what a person decides before the last stage, and after which action a problem is over
 * @param {import('./event-follower.mjs').FollowedEvent} event
 * @param {Story} story
 */
export function answersTo({ id, type, data }, { verdict, decision, healed }) {
  const { stage } = data;
  if (type === TYPES.change && data['canary']?.action === 'set') {
    const where = stage || 'dev';
    const deploymentstrategy = where === 'dev' ? 'direct' : 'blue_green_service';
    const strategies = { teststrategy: 'functional', deploymentstrategy };
    const [image, tag] = String(data['valuesCanary'].image).split(':');
    return [
      { type: TYPES.deployed, data: subject(where, { ...strategies, image, tag }) },
      { type: TYPES.tested, data: subject(where, { ...strategies, result: 'pass' }) },
      { type: TYPES.evaluated, data: subject(where, { ...strategies, result: verdict(where) }) },
    ];
  }
  if (type === TYPES.approvalTriggered && stage === LAST_STAGE) {
    const { image, tag } = data;
    const approval = { result: decision, status: 'succeeded' };
    return [{ type: TYPES.approvalFinished, triggeredid: id, data: subject(stage, { image, tag, approval }) }];
  }
  if (type === TYPES.actionTriggered) {
    const action = { result: 'pass', status: 'succeeded' };
    return [{ type: TYPES.actionFinished, triggeredid: id, data: subject(stage, { action }) }];
  }
  if (type === TYPES.startEvaluation) {
    const result = healed === 0 ? 'pass' : 'fail';
    return [{ type: TYPES.evaluated, data: subject(stage, { teststrategy: 'real-user', result }) }];
  }
  return undefined;
}
