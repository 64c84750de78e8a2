import { Injectable } from '@nestjs/common';
import { type ServiceScope } from '../domain/service-scope';
import { type OpenItems, ServiceViewStore } from './service-view.store';
import { type OpenItem } from './view.schema';
import { ViewReader } from './view-reader';

type CloseListener = (scope: ServiceScope, items: OpenItems, field: string, value: string) => void;

/** What is open in a service: approvals and remediations are kept alike, in the order in which they were opened. */
@Injectable()
export class OpenItemsOfServices {
  private readonly closeListeners = new Set<CloseListener>();

  constructor(
    private readonly reader: ViewReader,
    private readonly services: ServiceViewStore,
  ) {}

  /** @throws ProjectNotFound, StageNotFound, ServiceNotFound */
  async list(scope: ServiceScope, items: OpenItems): Promise<readonly OpenItem[]> {
    const { entry } = await this.reader.serviceInStage(scope);
    return entry[items] ?? [];
  }

  /**
   * An item that is open already stays as it is.
   * @throws ProjectNotFound, StageNotFound, ServiceNotFound
   */
  async open(scope: ServiceScope, items: OpenItems, item: OpenItem): Promise<void> {
    if (!(await this.services.open(scope, items, item))) {
      await this.reader.serviceInStage(scope);
    }
  }

  /**
   * @returns whether there was an item with this value
   * @throws ProjectNotFound, StageNotFound, ServiceNotFound
   */
  async close(scope: ServiceScope, items: OpenItems, field: string, value: string): Promise<boolean> {
    for (const listener of this.closeListeners) {
      listener(scope, items, field, value);
    }
    const isClosed = await this.services.close(scope, items, field, value);
    if (!isClosed) {
      await this.reader.serviceInStage(scope);
    }
    return isClosed;
  }

  /**
   * Tells of everything that somebody asks to close.
   * @returns ends it
   */
  onClose(listener: CloseListener): () => void {
    this.closeListeners.add(listener);
    return () => this.closeListeners.delete(listener);
  }
}
