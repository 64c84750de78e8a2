import { type PageRequest } from '@keptn/api-models';
import { type ProjectName, type ServiceName, type StageName } from '@keptn/event-models';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { type Types, type UpdateQuery } from 'mongoose';
import { type Page } from '../domain/page';
import { type ServiceScope } from '../domain/service-scope';
import { mapKey } from './map-key';
import {
  entryPath,
  changesBy,
  filterOf,
  imageBy,
  recordedBy,
  type RecordedEvents,
  type ServiceEvent,
  restoring,
  revised,
  stagePath,
  updateBy,
} from './service-updates';
import { ViewChanges } from './view-changes';
import { type OpenItem, SERVICE_MODEL, type ServiceDocument, type ServiceModel } from './view.schema';

/** The lists of a service's open items. */
export type OpenItems = 'openApprovals' | 'openRemediations';

/** A service and how often it was changed. */
export interface RevisedService {
  readonly _id: Types.ObjectId;
  readonly projectName: ProjectName;
  /** Another one after every change; undefined as long as there was none. */
  readonly revision?: number;
}

/** Small documents that are fetched at once. */
const SMALL_DOCUMENTS_IN_A_BATCH = 10_000;
/** Services in many stages are large documents, and decoding them keeps everybody else waiting. */
const LARGE_DOCUMENTS_IN_A_BATCH = 50;

const UPDATES_AT_ONCE = 500;

const IN_ORDER = { creationDate: 1, serviceName: 1 } as const;

const projectsOf = (events: readonly ServiceEvent[]): Set<ProjectName> =>
  new Set(events.map(({ scope }) => scope.project));

/** Whether a service would be in no stage without these. */
function areLast({ stages }: ServiceDocument, leaving: readonly StageName[]): boolean {
  const keys = new Set(leaving.map(mapKey));
  return Object.keys(stages).every((key) => keys.has(key));
}

/** The services of the view: one document each, changed by atomic updates only. */
@Injectable()
export class ServiceViewStore {
  constructor(
    @InjectModel(SERVICE_MODEL) private readonly services: ServiceModel,
    private readonly changes: ViewChanges,
  ) {}

  async find(projectName: ProjectName, serviceName: ServiceName): Promise<ServiceDocument | undefined> {
    return (await this.services.findOne({ projectName, serviceName }).lean<ServiceDocument>()) ?? undefined;
  }

  /** All services of a project, in the order of their creation. */
  async ofProject(projectName: ProjectName): Promise<ServiceDocument[]> {
    return await this.services.find({ projectName }).sort(IN_ORDER).lean<ServiceDocument[]>();
  }

  /** Of all services of projects, in the order of their creation: which they are, and whether they changed since. */
  async revisions(projects: readonly ProjectName[]): Promise<RevisedService[]> {
    return await this.services
      .find({ projectName: { $in: projects } }, { projectName: 1, revision: 1 })
      .sort(IN_ORDER)
      .batchSize(SMALL_DOCUMENTS_IN_A_BATCH)
      .lean<RevisedService[]>();
  }

  /** In no order; those that are deleted by now are left out. Between two batches others get their turn. */
  async *withIds(ids: readonly Types.ObjectId[]): AsyncGenerator<ServiceDocument & RevisedService, void> {
    if (ids.length > 0) {
      const found = this.services.find({ _id: { $in: ids } }).lean<(ServiceDocument & RevisedService)[]>();
      yield* found.cursor({ batchSize: LARGE_DOCUMENTS_IN_A_BATCH }) as AsyncIterable<ServiceDocument & RevisedService>;
    }
  }

  /** @param stage only services that are in this stage */
  async page(
    projectName: ProjectName,
    { offset, limit }: PageRequest,
    stage?: StageName,
  ): Promise<Page<ServiceDocument>> {
    const filter = { projectName, ...(stage !== undefined && { [stagePath(stage)]: { $exists: true } }) };
    const [items, total] = await Promise.all([
      this.services.find(filter).sort(IN_ORDER).skip(offset).limit(limit).lean<ServiceDocument[]>(),
      this.services.countDocuments(filter),
    ]);
    return { items, total };
  }

  /** Adds a service to some stages; in those that have it already nothing changes, if the caller keeps them out. */
  async add(
    projectName: ProjectName,
    serviceName: ServiceName,
    stages: readonly { readonly stageName: StageName; readonly creationDate: string }[],
  ): Promise<void> {
    const [first] = stages;
    if (first === undefined) {
      return;
    }
    const entries = Object.fromEntries(stages.map((entry) => [stagePath(entry.stageName), entry]));
    const onInsert = { creationDate: first.creationDate };
    const change = revised({ $set: entries, $setOnInsert: onInsert });
    await this.changes.during([projectName], () =>
      this.services.updateOne({ projectName, serviceName }, change, { upsert: true }),
    );
  }

  /**
   * Removes a service from some stages, and altogether when they are its last: one step either way. The caller keeps
   * other changes of the project's structure out meanwhile.
   */
  async remove(projectName: ProjectName, serviceName: ServiceName, stages: readonly StageName[]): Promise<void> {
    const document = await this.find(projectName, serviceName);
    if (document === undefined) {
      return;
    }
    const paths = Object.fromEntries(stages.map((stage) => [stagePath(stage), 1]));
    await this.changes.during([projectName], async () => {
      if (areLast(document, stages)) await this.services.deleteOne({ projectName, serviceName });
      else await this.services.updateOne({ projectName, serviceName }, revised({ $unset: paths }));
    });
  }

  /** As {@link remove}, for all services of a stage. */
  async removeStage(projectName: ProjectName, stage: StageName): Promise<void> {
    const services = await this.ofProject(projectName);
    const last = services.filter((service) => areLast(service, [stage])).map(({ serviceName }) => serviceName);
    const path = stagePath(stage);
    await this.changes.during([projectName], async () => {
      await this.services.deleteMany({ projectName, serviceName: { $in: last } });
      await this.services.updateMany({ projectName, [path]: { $exists: true } }, revised({ $unset: { [path]: 1 } }));
    });
  }

  async deleteProject(projectName: ProjectName): Promise<void> {
    await this.changes.during([projectName], () => this.services.deleteMany({ projectName }));
  }

  async deleteProjectsExcept(projects: readonly ProjectName[]): Promise<void> {
    await this.services.deleteMany({ projectName: { $nin: projects } });
    this.changes.forgetEverything();
  }

  /**
   * Makes an event the last one of its type; the same event again changes nothing.
   * @returns whether anything changed: false also when the service is not in this stage
   */
  async recordEvent(event: ServiceEvent): Promise<boolean> {
    const isNew = { [`${entryPath(event)}.eventId`]: { $ne: event.entry.eventId } };
    return await this.update(event.scope, isNew, { $set: changesBy(event) });
  }

  /** As {@link recordEvent} for each, in their order, with one update for a service. */
  async recordEvents(events: readonly ServiceEvent[]): Promise<void> {
    if (events.length === 0) {
      return;
    }
    const services = {
      projectName: { $in: [...projectsOf(events)] },
      serviceName: { $in: [...new Set(events.map(({ scope }) => scope.service))] },
    };
    const found = await this.services.find(services, recordedBy(events)).lean<RecordedEvents[]>();
    const updates = found.flatMap((service) => updateBy(events, service) ?? []);
    if (updates.length === 0) {
      return;
    }
    const { matchedCount } = await this.changes.during(projectsOf(events), () =>
      // Past mongoose: the updates were made right here, and casting each again costs more than making it.
      this.services.collection.bulkWrite(updates, { ordered: false }),
    );
    // A service left a stage meanwhile; what was recorded in its other stages is not undone with it.
    if (matchedCount < updates.length) {
      for (const event of events) {
        await this.recordEvent(event);
      }
    }
  }

  /**
   * Brings the last events and deployed images to what a log says.
   * @param before nanoseconds since 1970: what was recorded later is newer than the log and stays
   */
  async restoreEvents(
    lastEvents: readonly ServiceEvent[],
    deployments: readonly ServiceEvent[],
    before: string,
  ): Promise<void> {
    const updates = [
      ...lastEvents.map((event) => restoring(event, { [entryPath(event)]: event.entry }, before)),
      ...deployments.map((event) => restoring(event, imageBy(event), before)),
    ];
    for (let index = 0; index < updates.length; index += UPDATES_AT_ONCE) {
      await this.changes.during(projectsOf([...lastEvents, ...deployments]), () =>
        this.services.bulkWrite(updates.slice(index, index + UPDATES_AT_ONCE), { ordered: false }),
      );
    }
  }

  /**
   * Adds an open item; one with the same `eventId` is stored once.
   * @returns false when such an item is open already, or the service is not in this stage
   */
  async open(scope: ServiceScope, items: OpenItems, item: OpenItem): Promise<boolean> {
    const path = `${stagePath(scope.stage)}.${items}`;
    const eventId = item['eventId'];
    const isNew = eventId === undefined ? {} : { [`${path}.eventId`]: { $ne: eventId } };
    return await this.update(scope, isNew, { $addToSet: { [path]: { $each: [item] } } });
  }

  /**
   * Removes all open items with this value.
   * @returns whether there were any
   */
  async close(scope: ServiceScope, items: OpenItems, field: string, value: string): Promise<boolean> {
    const path = `${stagePath(scope.stage)}.${items}`;
    return await this.update(scope, { [`${path}.${field}`]: value }, { $pull: { [path]: { [field]: value } } });
  }

  /** @returns whether there was a service in this stage to which the condition applies */
  private async update(
    scope: ServiceScope,
    condition: Readonly<Record<string, unknown>>,
    change: UpdateQuery<ServiceDocument>,
  ): Promise<boolean> {
    const { modifiedCount } = await this.changes.during([scope.project], () =>
      this.services.updateOne({ ...filterOf(scope), ...condition }, revised(change)),
    );
    return modifiedCount > 0;
  }
}
