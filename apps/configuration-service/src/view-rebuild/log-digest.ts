import { type KeptnEvent } from '@keptn/event-models';
import { nanosecondsOf } from '../clock/creation-date';
import { notedEventOf, unlessRefused } from '../event/noted-event';
import { type NotedEvent, type ServicePlace } from '../view/service-updates';
import { type OpenItems } from '../view/service-view.store';
import { type OpenItem } from '../view/view.schema';

const APPROVAL_TRIGGERED = 'sh.keptn.event.approval.triggered';
const APPROVAL_FINISHED = 'sh.keptn.event.approval.finished';
const REMEDIATION_TRIGGERED = 'sh.keptn.event.remediation.triggered';
const REMEDIATION_CHANGED = 'sh.keptn.event.remediation.status.changed';
const REMEDIATION_FINISHED = 'sh.keptn.event.remediation.finished';

/** What closes items of a service: all that have this value in this field. */
export interface Closing {
  readonly place: ServicePlace;
  readonly items: OpenItems;
  /** `eventId` or `keptnContext`. */
  readonly field: string;
  readonly value: string;
}

export interface Opening {
  readonly place: ServicePlace;
  readonly items: OpenItems;
  readonly item: OpenItem;
}

/** What the view has to show after all events of a log; each event is given once, in order. */
export class LogDigest {
  /** Events that belong to a service. */
  noted = 0;
  private readonly last = new Map<string, NotedEvent>();
  private readonly images = new Map<string, NotedEvent>();
  private readonly openings = new Map<string, Opening>();
  private readonly closings = new Map<string, Closing>();

  add(event: KeptnEvent): void {
    const noted = unlessRefused(() => notedEventOf(event, timeOf(event)));
    if (noted === undefined) {
      return;
    }
    this.noted++;
    this.last.set(keyOf(noted.place, event.type), noted);
    if (noted.deployedImage !== undefined) {
      this.images.set(keyOf(noted.place), noted);
    }
    this.follow(noted.place, event);
  }

  /** The last event of each type in each service. */
  get lastEvents(): readonly NotedEvent[] {
    return [...this.last.values()];
  }

  /** The last event of each service that says which image is deployed. */
  get deployments(): readonly NotedEvent[] {
    return [...this.images.values()];
  }

  /** What is still open. */
  get opened(): readonly Opening[] {
    return [...this.openings.values()];
  }

  get closed(): readonly Closing[] {
    return [...this.closings.values()];
  }

  private follow(place: ServicePlace, event: KeptnEvent): void {
    switch (event.type) {
      case APPROVAL_TRIGGERED:
        this.open(place, 'openApprovals', approvalOf(event));
        break;
      case APPROVAL_FINISHED:
        this.close({ place, items: 'openApprovals', field: 'eventId', value: event.triggeredid ?? '' });
        break;
      case REMEDIATION_TRIGGERED:
      case REMEDIATION_CHANGED:
        this.open(place, 'openRemediations', remediationOf(event));
        break;
      case REMEDIATION_FINISHED:
        this.close({ place, items: 'openRemediations', field: 'keptnContext', value: event.shkeptncontext ?? '' });
    }
  }

  private open(place: ServicePlace, items: OpenItems, item: OpenItem): void {
    this.openings.set(keyOf(place, items, item['eventId']), { place, items, item });
  }

  private close(closing: Closing): void {
    const { place, items, field, value } = closing;
    this.closings.set(keyOf(place, items, value), closing);
    for (const [key, opening] of this.openings) {
      if (opening.items === items && opening.item[field] === value && keyOf(opening.place) === keyOf(place)) {
        this.openings.delete(key);
      }
    }
  }
}

const keyOf = (
  { projectName, stageName, serviceName }: ServicePlace,
  ...more: readonly (string | undefined)[]
): string => JSON.stringify([projectName, stageName, serviceName, ...more]);

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
