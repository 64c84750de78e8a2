import { anEvent, Broker, freshDatabase } from './broker';
import { LogStandIn } from './log-stand-in';
import { Receiver } from './receiver';

/** A log, and the receivers and brokers of one test. */
export class DeliveryBed {
  readonly database = freshDatabase();
  private readonly cleanups: (() => Promise<void>)[] = [];

  private constructor(readonly log: LogStandIn) {
    this.cleanups.push(() => log.stop());
  }

  static async start(): Promise<DeliveryBed> {
    return new DeliveryBed(await LogStandIn.start());
  }

  async receiver(port?: number): Promise<Receiver> {
    const receiver = await Receiver.start(port);
    this.cleanups.push(() => receiver.stop());
    return receiver;
  }

  /** @param declared subscriptions, as the setting says them */
  async broker(declared: string, environment: Readonly<Record<string, string>> = {}): Promise<Broker> {
    const broker = await Broker.start({
      MONGODB_URI: this.database,
      MONGODB_DATASTORE_URL: this.log.url,
      DECLARED_SUBSCRIPTIONS: declared,
      ...environment,
    });
    this.cleanups.push(() => broker.stop());
    return broker;
  }

  /** @returns the ids of the events */
  append(count: number, changes: (index: number) => Readonly<Record<string, unknown>> = () => ({})): string[] {
    return Array.from({ length: count }, (_, index) => {
      const event = anEvent(changes(index));
      this.log.append(event);
      return event.id;
    });
  }

  async stop(): Promise<void> {
    for (const cleanup of this.cleanups.splice(0).reverse()) await cleanup();
  }
}
