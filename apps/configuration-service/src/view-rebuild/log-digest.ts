import { type KeptnEvent } from '@keptn/event-models';
import { nanosecondsOf } from '../domain/creation-date';
import { serviceEventOf, unlessRefused } from '../event/service-event';
import { type ServiceScope } from '../domain/service-scope';
import { type ServiceEvent } from '../view/service-updates';
import { type OpenItems } from '../view/service-view.store';
import { type OpenItem } from '../view/view.schema';

const APPROVAL_TRIGGERED = 'sh.keptn.event.approval.triggered';
const APPROVAL_FINISHED = 'sh.keptn.event.approval.finished';
const REMEDIATION_TRIGGERED = 'sh.keptn.event.remediation.triggered';
const REMEDIATION_CHANGED = 'sh.keptn.event.remediation.status.changed';
const REMEDIATION_FINISHED = 'sh.keptn.event.remediation.finished';

/** What closes items of a service: all that have this value in this field. */
export interface Closing {
  readonly scope: ServiceScope;
  readonly items: OpenItems;
  /** `eventId` or `keptnContext`. */
  readonly field: string;
  readonly value: string;
}

export interface Opening {
  readonly scope: ServiceScope;
  readonly items: OpenItems;
  readonly item: OpenItem;
}

/** What the view has to show after all events of a log; each event is given once, in order. */
export class LogDigest {
  /** Events that belong to a service. */
  eventCount = 0;
  private readonly last = new Map<string, ServiceEvent>();
  private readonly images = new Map<string, ServiceEvent>();
  private readonly openings = new Map<string, Opening>();
  private readonly closings = new Map<string, Closing>();

  add(event: KeptnEvent): void {
    const said = unlessRefused(() => serviceEventOf(event, timeOf(event)));
    if (said === undefined) {
      return;
    }
    this.eventCount++;
    this.last.set(keyOf(said.scope, event.type), said);
    if (said.deployedImage !== undefined) {
      this.images.set(keyOf(said.scope), said);
    }
    this.follow(said.scope, event);
  }

  /** The last event of each type in each service. */
  get lastEvents(): readonly ServiceEvent[] {
    return [...this.last.values()];
  }

  /** The last event of each service that says which image is deployed. */
  get deployments(): readonly ServiceEvent[] {
    return [...this.images.values()];
  }

  /** What is still open. */
  get opened(): readonly Opening[] {
    return [...this.openings.values()];
  }

  get closed(): readonly Closing[] {
    return [...this.closings.values()];
  }

  private follow(scope: ServiceScope, event: KeptnEvent): void {
    switch (event.type) {
      case APPROVAL_TRIGGERED:
        this.open(scope, 'openApprovals', approvalOf(event));
        break;
      case APPROVAL_FINISHED:
        this.close({ scope, items: 'openApprovals', field: 'eventId', value: event.triggeredid ?? '' });
        break;
      case REMEDIATION_TRIGGERED:
      case REMEDIATION_CHANGED:
        this.open(scope, 'openRemediations', remediationOf(event));
        break;
      case REMEDIATION_FINISHED:
        this.close({ scope, items: 'openRemediations', field: 'keptnContext', value: event.shkeptncontext ?? '' });
    }
  }

  private open(scope: ServiceScope, items: OpenItems, item: OpenItem): void {
    this.openings.set(keyOf(scope, items, item['eventId']), { scope, items, item });
  }

  private close(closing: Closing): void {
    const { scope, items, field, value } = closing;
    this.closings.set(keyOf(scope, items, value), closing);
    for (const [key, opening] of this.openings) {
      if (opening.items === items && opening.item[field] === value && keyOf(opening.scope) === keyOf(scope)) {
        this.openings.delete(key);
      }
    }
  }
}

const keyOf = ({ project, stage, service }: ServiceScope, ...more: readonly (string | undefined)[]): string =>
  JSON.stringify([project, stage, service, ...more]);

/** In nanoseconds since 1970; the log gives every event a time. */
const timeOf = ({ time = '' }: KeptnEvent): string => nanosecondsOf(new Date(Date.parse(time) || 0));

function commonOf({ id, shkeptncontext, time }: KeptnEvent): OpenItem {
  return { eventId: id, keptnContext: shkeptncontext, time };
}

function approvalOf(event: KeptnEvent): OpenItem {
  return { ...commonOf(event), ...textFields(event.data, { image: 'image', tag: 'tag' }) };
}

function remediationOf(event: KeptnEvent): OpenItem {
  const { remediation } = asObject(event.data);
  const action = textFields(asObject(remediation)['result'], { actionName: 'action' });
  return { ...commonOf(event), type: event.type, ...action };
}

/** @param names fields of the data, and how the item calls them */
function textFields(data: unknown, names: Readonly<Record<string, string>>): OpenItem {
  const source = asObject(data);
  const fields = Object.entries(names).map(([from, to]) => [to, source[from]] as const);
  return Object.fromEntries(fields.filter((field): field is [string, string] => typeof field[1] === 'string'));
}

const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};
