import { type JsonObject, KeptnEventType, parseShipyard } from '@keptn/event-models';
import { type ContextEvent } from './context-event';

/** What of an event a test wants to say. */
interface Details {
  readonly id?: string;
  readonly time?: string;
  readonly triggeredid?: string;
  readonly data?: JsonObject;
}

const START = Date.parse('2020-11-05T10:00:00.000Z');
const MINUTE_MS = 60_000;

/** Events of one Keptn context of the service carts in the stage dev of sockshop, a minute apart. */
export class EventBuilder {
  private count = 0;

  event(type: KeptnEventType, { data = {}, ...details }: Details = {}): ContextEvent {
    const number = this.count++;
    return {
      specversion: '0.2',
      id: `event-${number}`,
      source: 'a-test',
      type,
      time: new Date(START + number * MINUTE_MS).toISOString(),
      shkeptncontext: 'a3e5f16d-8888-4720-82c7-6995062905c1',
      extensions: {},
      ...details,
      data: { project: 'sockshop', stage: 'dev', service: 'carts', labels: null, ...data },
    };
  }

  wanted(image: string, data: JsonObject = {}): ContextEvent {
    return this.event(KeptnEventType.configurationChange, {
      data: { valuesCanary: { image }, canary: { action: 'set', value: 100 }, ...data },
    });
  }

  deployed(data: JsonObject = {}): ContextEvent {
    return this.event(KeptnEventType.deploymentFinished, { data: { image: 'carts', tag: '1', ...data } });
  }

  tested(data: JsonObject = {}): ContextEvent {
    return this.event(KeptnEventType.testsFinished, { data: { teststrategy: 'functional', result: 'pass', ...data } });
  }

  evaluated(result: string, data: JsonObject = {}): ContextEvent {
    return this.event(KeptnEventType.evaluationDone, {
      data: { teststrategy: 'functional', deploymentstrategy: 'direct', result, ...data },
    });
  }
}

/** dev, staging with automatic approval for pass only, and production with the given lines. */
export function shipyardWith(production = 'deployment_strategy: blue_green_service') {
  return parseShipyard(`
stages:
  - name: dev
    deployment_strategy: direct
  - name: staging
    deployment_strategy: blue_green_service
    approval_strategy: { pass: automatic, warning: manual }
  - name: production
    ${production}
`);
}
