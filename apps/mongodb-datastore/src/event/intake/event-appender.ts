import { GroupCommit, LOGGER, SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { type Logger } from 'pino';
import { ContextStore } from '../../contexts/context-store';
import { ProjectRegistry, type ProjectStates } from '../../projects/project-registry';
import { ProjectIsDeleted } from '../../projects/project.errors';
import { type MongodbDatastoreSettings } from '../../settings';
import { EventRemoval } from '../../log/event-removal';
import { type EventRecord, type StoredEvent } from '../../log/event.schema';
import { EventStore, keyText, type Repeats } from '../../log/event-store';
import { EventWriter } from '../../log/event-writer';
import { type NewEvent } from '../../log/new-event';
import { saysTheSame } from '../../log/same-event';
import { StableLog } from '../../log/stable-log';
import { EventConflict } from '../event.errors';

/** An event that is durably stored. */
export interface Appended {
  readonly sequence: number;
  readonly id: string;
  readonly shkeptncontext?: string;
  /** True when it had been stored before and nothing was written now. */
  readonly isReplay: boolean;
}

/** A group is one insert; beyond this the work of a group grows as fast as the group. */
const GROUP_LIMITS = { items: 500, size: 8 * 1024 * 1024, groups: 1 };

/**
 * How long after an event came a second time (ms) groups are looked up before they get numbers. Else they get them at once, and
 * those that turn out to be stored already leave theirs unused, for which readers at other replicas wait (`SEQUENCE_GAP_MS`).
 */
const REPEATS_EXPECTED_MS = 30_000;

/**
 * Appends events: each exactly once, answered only when it survives a crash (write concern majority with journal, set on the
 * connection). Events that arrive at the same time share the round trips of one group.
 */
@Injectable()
export class EventAppender {
  private readonly groups: GroupCommit<NewEvent, Appended>;
  private lastRepeatAt = -Infinity;

  constructor(
    private readonly store: EventStore,
    private readonly removal: EventRemoval,
    private readonly writer: EventWriter,
    private readonly projects: ProjectRegistry,
    private readonly contexts: ContextStore,
    private readonly stableLog: StableLog,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(SETTINGS) private readonly settings: MongodbDatastoreSettings,
  ) {
    this.groups = new GroupCommit(GROUP_LIMITS, (group) => this.commit(group));
  }

  /**
   * @throws ProjectIsDeleted when the event belongs to a project that was deleted
   * @throws EventConflict when another event has its id and source
   */
  append(event: NewEvent): Promise<Appended> {
    return this.groups.add(event, event.event.length);
  }

  /** @throws EventConflict when {@link append} would throw it at this moment */
  async requireNoConflict(event: NewEvent): Promise<void> {
    const { conflicting } = await this.store.stored([event]);
    if (conflicting.length > 0) throw new EventConflict(event.id, event.source);
  }

  private async commit(group: readonly NewEvent[]): Promise<(Appended | Error)[]> {
    const [before, found] = await Promise.all([
      this.projects.statesOf(group.map(({ project }) => project)),
      // What it does not find yet is inserted, and refused once a majority has what was there before.
      this.store.stored(this.expectsRepeats() ? group : [], 'majority'),
    ]);
    const known = new Map(found.existing.map((event) => [keyText(event), event]));
    const { fresh, rivals } = firstOfEachKey(
      group.filter((event) => !known.has(keyText(event)) && !before.isDeleted(event.project)),
    );
    const [{ written, existing, conflicting }] = await Promise.all([
      this.write([...fresh.values()], before),
      // Whoever sends an event again may have had no answer, because a crash came between the event and its context.
      this.unlessThatFails(() => this.contexts.verify(found.existing)),
    ]);
    const late = await this.store.stored(rivals);
    for (const event of [...existing, ...late.existing]) known.set(keyText(event), event);
    if (known.size > 0) this.lastRepeatAt = performance.now();
    const refused = new Set([...found.conflicting, ...conflicting, ...late.conflicting]);
    return group.map((event) => {
      const key = keyText(event);
      const first = fresh.get(key);
      const isRepeatOfFirst = first !== undefined && !rivals.includes(event);
      if (refused.has(event) || (isRepeatOfFirst && refused.has(first)))
        return new EventConflict(event.id, event.source);
      const stored = written.get(key) ?? known.get(key);
      if (stored === undefined) return new ProjectIsDeleted(event.project ?? '');
      return appended(stored, first !== event || !written.has(key));
    });
  }

  /** Most events are new, and asking whether they are would cost each group a round trip. */
  private expectsRepeats(): boolean {
    return performance.now() - this.lastRepeatAt < REPEATS_EXPECTED_MS;
  }

  /** @returns by key what was written; what had been stored before; and which events say something else than that */
  private async write(
    events: readonly NewEvent[],
    before: ProjectStates,
  ): Promise<Repeats & { readonly written: ReadonlyMap<string, StoredEvent> }> {
    if (events.length === 0) return { written: new Map(), existing: [], conflicting: [] };
    const { stored, refused, existing, conflicting, abandoned } = await this.writer.write(events, {
      patienceMs: this.settings.SEQUENCE_GAP_MS,
      alongside: (records) => this.unlessThatFails(() => this.contexts.record(records)),
    });
    const records = [...stored.values()];
    const [after] = await Promise.all([
      this.projects.statesOf(records.map(({ project }) => project)),
      this.unlessThatFails(async () => {
        await this.contexts.retract(refused);
        await this.contexts.verify(existing);
      }),
    ]);
    const late = records.filter(({ project }) => !after.isUnchangedSince(before, project));
    await this.takeBack(late);
    const kept = records.filter((record) => !late.includes(record));
    this.stableLog.announce({ stored: kept, abandoned: [...abandoned, ...late.map(({ _id }) => _id)] });
    return { written: new Map(kept.map((event) => [keyText(event), event])), existing, conflicting };
  }

  /** The events count, whatever becomes of their contexts, so a failure is no reason to refuse them: see {@link ContextStore}. */
  private async unlessThatFails(writeContexts: () => Promise<void>): Promise<void> {
    try {
      await writeContexts();
    } catch (error) {
      this.logger.warn({ err: error }, 'records of contexts are put right later');
    }
  }

  /**
   * The project was deleted while its events were being written, and the deletion may have passed them by. Looking at the
   * project after writing lets none slip through: the deletion marks the project, waits until nobody relies on older
   * readings, and looks for events then.
   */
  private async takeBack(records: readonly EventRecord[]): Promise<void> {
    if (records.length === 0) return;
    await this.removal.remove(records);
    await this.contexts.retract(records);
  }
}

const appended = ({ _id, id, shkeptncontext }: StoredEvent, isReplay: boolean): Appended => ({
  sequence: _id,
  id,
  ...(shkeptncontext !== undefined && { shkeptncontext }),
  isReplay,
});

/** Of events with the same key the first is written; rivals are later ones that say something else than that. */
function firstOfEachKey(events: readonly NewEvent[]): {
  readonly fresh: ReadonlyMap<string, NewEvent>;
  readonly rivals: readonly NewEvent[];
} {
  const fresh = new Map<string, NewEvent>();
  const rivals: NewEvent[] = [];
  for (const event of events) {
    const key = keyText(event);
    const first = fresh.get(key);
    if (first === undefined) fresh.set(key, event);
    else if (!saysTheSame(event, first.event)) rivals.push(event);
  }
  return { fresh, rivals };
}
