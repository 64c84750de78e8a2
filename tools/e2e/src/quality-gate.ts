import { randomUUID } from 'node:crypto';
import { type LaunchedSystem, newLaunch, removeData, startSystem } from './running-system';

export interface Names {
  readonly project: string;
  readonly stage: string;
  readonly service: string;
}

export interface SeenEvent {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly triggeredid?: string;
  readonly reason?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Earlier results have to be in the past, in the order in which they are newest first. */
const FIRST_EARLIER_MS = Date.parse('2020-11-05T09:00:00.000Z');
const BETWEEN_EARLIER_MS = 60_000;

/** How long an event may take to be in the log; a long poll each. */
const WAIT = '50s';

/** A started system, as those who use its quality gates see it. */
export class QualityGate {
  constructor(private running: LaunchedSystem) {}

  get system(): LaunchedSystem {
    return this.running;
  }

  /** The system was started again on the same data. */
  restarted(system: LaunchedSystem): void {
    this.running = system;
  }

  async createProject(name: string, stages: readonly string[]): Promise<void> {
    const lines = stages.map(
      (stage) => `- {name: ${stage}, deployment_strategy: direct, test_strategy: performance}\n`,
    );
    await this.done('POST', '/v1/project', { name, shipyard: base64(`stages:\n${lines.join('')}`) });
  }

  /** @param slo text of the SLO file; null for none */
  async createService({ project, stage, service }: Names, slo: string | null): Promise<void> {
    await this.done('POST', `/v1/project/${project}/service`, { serviceName: service });
    if (slo !== null) await this.storeResource({ project, stage, service }, 'slo.yaml', slo);
  }

  async storeResource({ project, stage, service }: Names, resourceURI: string, text: string): Promise<void> {
    const path = `/configuration-service/v1/project/${project}/stage/${stage}/service/${service}/resource`;
    await this.done('POST', path, { resources: [{ resourceURI, resourceContent: base64(text) }] });
  }

  async configureMonitoring(project: string, type: string): Promise<void> {
    await this.send('sh.keptn.event.monitoring.configure', { project, service: '', type });
  }

  /** Stores `evaluation-done` events as they would be there from before. @param events newest first */
  async storeEarlier(of: string, events: readonly { readonly id: string; readonly data: object }[]): Promise<void> {
    for (const [index, { id, data }] of events.entries()) {
      await this.done('POST', '/mongodb-datastore/event', {
        specversion: '0.2',
        id,
        source: `https://example.com/${of}`,
        type: 'sh.keptn.events.evaluation-done',
        time: new Date(FIRST_EARLIER_MS - index * BETWEEN_EARLIER_MS).toISOString(),
        contenttype: 'application/json',
        shkeptncontext: of,
        data,
      });
    }
  }

  /** @returns the Keptn context */
  async send(type: string, data: object, shkeptncontext?: string): Promise<string> {
    const event = {
      type,
      source: 'https://example.com/a-test',
      specversion: '0.2',
      contenttype: 'application/json',
      data,
    };
    const { json } = await this.done('POST', '/v1/event', {
      ...event,
      ...(shkeptncontext !== undefined && { shkeptncontext }),
    });
    return (json as { keptnContext: string }).keptnContext;
  }

  /** Stores an event as others than the API do: its context may be any text. */
  async store(type: string, data: object, shkeptncontext: string): Promise<void> {
    const source = 'https://example.com/a-test';
    await this.done('POST', '/mongodb-datastore/event', {
      ...{ specversion: '0.2', id: randomUUID(), source, type, contenttype: 'application/json', shkeptncontext, data },
    });
  }

  /**
   * Imports old events of one Keptn context.
   *
   * @returns the context
   */
  async importEvents(
    events: readonly { readonly type: string; readonly source?: string; readonly data: object }[],
  ): Promise<string> {
    const shkeptncontext = randomUUID();
    const lines = events.map((event, index) => {
      const time = new Date(FIRST_EARLIER_MS + index).toISOString();
      return JSON.stringify({
        ...{ specversion: '0.2', id: randomUUID(), source: 'https://example.com/elsewhere', time, shkeptncontext },
        ...event,
      });
    });
    const response = await fetch(`${this.system.endpoint}/mongodb-datastore/event`, {
      method: 'POST',
      headers: { 'x-token': await this.system.token(), 'content-type': 'application/x-ndjson' },
      body: lines.join('\n'),
    });
    if (response.status !== 201) throw new Error(`import: ${response.status} ${await response.text()}`);
    return shkeptncontext;
  }

  /** The first event of the type in the context, as soon as it is there. */
  async awaited(keptnContext: string, type: string): Promise<SeenEvent> {
    const [first] = await this.events(keptnContext, type, WAIT);
    if (first === undefined) throw new Error(`no ${type} came in ${keptnContext}`);
    return first;
  }

  /** The events of the type in the context as soon as there are so many. */
  async counted(keptnContext: string, type: string, count: number): Promise<readonly SeenEvent[]> {
    for (let asked = 0; asked < 500; asked++) {
      const events = await this.events(keptnContext, type, WAIT);
      if (events.length >= count) return events;
    }
    throw new Error(`fewer than ${count} ${type} came in ${keptnContext}`);
  }

  /** @param type of the events; all when absent */
  async events(keptnContext: string, type?: string, wait = '0s'): Promise<readonly SeenEvent[]> {
    const query = new URLSearchParams({ keptnContext, ...(type !== undefined && { type }), wait }).toString();
    const { json } = await this.done('GET', `/mongodb-datastore/event?${query}`);
    return (json as { events: readonly SeenEvent[] }).events;
  }

  async stop(): Promise<void> {
    await this.system.killEverything();
    await removeData(this.system.launch);
  }

  private async done(method: string, path: string, body?: unknown): ReturnType<LaunchedSystem['call']> {
    const answer = await this.system.call(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer;
  }
}

export async function startedQualityGate(environment: Readonly<Record<string, string>> = {}): Promise<QualityGate> {
  return new QualityGate(await startSystem(await newLaunch(environment)));
}
