import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type RunningService, startService } from '@keptn/service-kit';
import { expect, inject } from 'vitest';
import { shipyardController } from '../src/app.module';
import { type ControlPlaneStandIn, type StoredEvent } from '@keptn/service-kit/testing';

const TOKEN = 'a-token-for-these-tests';

/** Pause between two looks at /ready, in milliseconds. */
const READY_POLL_MS = 10;

export interface Answer {
  readonly status: number;
  /** The parsed body; undefined when there is none. */
  readonly json: unknown;
}

/** A shipyard-controller with a database of its own, and the rest of the control plane beside it. */
export class StartedShipyardController {
  private constructor(
    private readonly service: RunningService,
    private readonly controlPlane: ControlPlaneStandIn,
  ) {}

  /** Resolves when it is ready. */
  static async start(
    controlPlane: ControlPlaneStandIn,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<StartedShipyardController> {
    const service = await startService(shipyardController, {
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: 'silent',
      KEPTN_API_TOKEN: TOKEN,
      MONGODB_URI: `${inject('mongodbUri')}/shipyard-${randomUUID()}`,
      MONGODB_DATASTORE_URL: controlPlane.url,
      CONFIGURATION_SERVICE_URL: controlPlane.url,
      EVENT_BROKER_URL: controlPlane.url,
      ...settings,
    });
    const started = new StartedShipyardController(service, controlPlane);
    while ((await started.call('GET', '/ready')).status !== 200) await delay(READY_POLL_MS);
    return started;
  }

  async call(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(this.service.url + path, {
      method,
      headers: { 'x-token': TOKEN, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
  }

  /** Hands over an event of the log as event-broker does, and resolves with what was stored because of it. */
  async deliver(event: StoredEvent): Promise<readonly StoredEvent[]> {
    const before = new Set(this.controlPlane.events);
    const { status } = await fetch(`${this.service.url}/`, {
      method: 'POST',
      headers: { 'x-token': TOKEN, 'content-type': 'application/cloudevents+json' },
      body: JSON.stringify({ specversion: '0.2', contenttype: 'application/json', ...event }),
    });
    expect(status).toBe(202);
    return this.controlPlane.events.filter((other) => !before.has(other));
  }

  stop(): Promise<void> {
    return this.service.close();
  }
}
