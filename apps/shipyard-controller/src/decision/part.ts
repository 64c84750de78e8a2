import { type ContextEvent } from './context-event';
import { type Decision } from './decision';

/** What happens in a context at a time unless something else happens before. */
export interface Due {
  readonly at: Date;
  readonly decide: () => Promise<Decision>;
}

/** What of a part goes by the clock. */
export interface Waiting {
  /** Type of the events with which waiting begins. */
  readonly begins: string;

  /** How long it takes at most unless a file of the project says otherwise, in milliseconds. */
  readonly longest: number;

  /** What is due next in a context; undefined when nothing is, however long it takes. */
  due(events: readonly ContextEvent[]): Promise<Due | undefined>;

  /** Whether nothing will be due before the next event of the type. */
  isOver(events: readonly ContextEvent[]): boolean;
}

/** A part of the service that decides about some types of events. It can be switched off. */
export interface Part {
  readonly name: 'delivery' | 'approvals' | 'remediation' | 'execution';
  readonly types: ReadonlySet<string>;

  /**
   * What follows from an event; changes nothing.
   *
   * @param events all of the context that are in the log now, in its order
   * @throws ServiceError when what the decision needs cannot be read now
   */
  decide(event: ContextEvent, events: readonly ContextEvent[]): Promise<Decision>;

  /** Undefined when nothing of the part goes by the clock. */
  readonly waiting?: Waiting | undefined;

  /**
   * Opens and closes the items of people's lists in configuration-service as the log says.
   *
   * @param changes events of the part's types that have come
   * @param events all of the context
   */
  updateOpenItems?(changes: readonly ContextEvent[], events: readonly ContextEvent[]): Promise<void>;
}
