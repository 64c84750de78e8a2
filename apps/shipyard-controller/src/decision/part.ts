import { type ContextEvent } from './context-event';
import { type Decision } from './decision';

/** A part of the service that decides about some types of events. It can be switched off. */
export interface Part {
  readonly name: 'delivery' | 'approvals' | 'remediation';
  readonly types: ReadonlySet<string>;

  /**
   * What follows from an event; changes nothing.
   *
   * @param events all of the context that are in the log now, in its order
   * @throws ServiceError when what the decision needs cannot be read now
   */
  decide(event: ContextEvent, events: readonly ContextEvent[]): Promise<Decision>;

  /** Brings what is kept for people in line with the log. */
  project?(event: ContextEvent, events: readonly ContextEvent[]): Promise<void>;
}
