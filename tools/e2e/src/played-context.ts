import { expect, vi } from 'vitest';
import { type ReachableSystem } from './running-system';

export const PROJECT = 'sockshop';
export const CHANGE = 'sh.keptn.event.configuration.change';

export const FUNCTIONAL = { teststrategy: 'functional', deploymentstrategy: 'direct' };
export const PERFORMANCE = { teststrategy: 'performance', deploymentstrategy: 'blue_green_service' };

/** How long an event may take on a busy machine; in milliseconds. */
export const PATIENCE = { timeout: 20_000, interval: 50 };

export interface Event {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly shkeptncontext: string;
  readonly triggeredid?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export type Data = Readonly<Record<string, unknown>>;

export function subject(stage: string, data: Data = {}): Data {
  return { project: PROJECT, stage, service: 'carts', labels: null, ...data };
}

/** A Keptn context in which a test plays helm-service, jmeter-service, lighthouse-service and those who act. */
export class PlayedContext {
  private constructor(
    private readonly system: ReachableSystem,
    readonly id: string,
  ) {}

  /** A context whose first events others send. */
  static of(system: ReachableSystem, id: string): PlayedContext {
    return new PlayedContext(system, id);
  }

  /** Sends the first event through the API. */
  static async begin(system: ReachableSystem, type: string, data: Data): Promise<PlayedContext> {
    const { json } = await system.call('POST', '/v1/event', { type, source: 'a-test', data: subject('', data) });
    return new PlayedContext(system, (json as { keptnContext: string }).keptnContext);
  }

  static newArtifact(system: ReachableSystem, image = 'registry:5000/carts:1'): Promise<PlayedContext> {
    return PlayedContext.begin(system, CHANGE, { valuesCanary: { image }, canary: { action: 'set', value: 100 } });
  }

  async send(type: string, data: Data, more: Data = {}): Promise<void> {
    const event = { type, source: 'a-test', shkeptncontext: this.id, data, ...more };
    const { status } = await this.system.call('POST', '/v1/event', event);
    expect(status).toBe(200);
  }

  /** The events of a type, as soon as there are so many. */
  received(type: string, count = 1): Promise<readonly Event[]> {
    return vi.waitFor(async () => {
      const events = await this.events();
      const found = events.filter((event) => event.type === type);
      if (found.length < count)
        throw new Error(`${found.length} of ${count} ${type}: ${JSON.stringify(events, null, 1)}`);
      return found;
    }, PATIENCE);
  }

  async events(): Promise<readonly Event[]> {
    const query = `keptnContext=${this.id}&order=oldest&pageSize=100`;
    const { json } = await this.system.call('GET', `/mongodb-datastore/event?${query}`);
    return (json as { events: readonly Event[] }).events;
  }

  /** Stage and action of each configuration.change so far. */
  async changes(): Promise<readonly unknown[]> {
    const events = (await this.events()).filter(({ type }) => type === CHANGE);
    return events.map(({ data }) => [data['stage'], (data['canary'] as Data)['action']]);
  }

  /** Resolves once the decisions on all events so far were made: each is explained, and what follows is in the log. */
  async explained(text: string): Promise<void> {
    await vi.waitFor(async () => {
      const { text: explanation } = await this.system.call('GET', `/shipyard-controller/v1/explanation/${this.id}`);
      expect(explanation).toContain(text);
    }, PATIENCE);
  }

  /** What helm-service, jmeter-service and lighthouse-service do in a stage. */
  async deliver(stage: string, result: string, data: Data = {}): Promise<void> {
    const deployed = { image: 'registry', tag: '5000/carts', ...data };
    await this.send('sh.keptn.events.deployment-finished', subject(stage, deployed));
    await this.send('sh.keptn.events.tests-finished', subject(stage, { ...data, result: 'pass' }));
    await this.send('sh.keptn.events.evaluation-done', subject(stage, { ...data, result }));
  }
}
