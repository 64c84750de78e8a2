import {
  type CreatedSubscription,
  type NewSubscription,
  type RotatedSecret,
  type StartPosition,
  type Subscription,
  type SubscriptionSpec,
  type SubscriptionUpdate,
} from '@keptn/api-models';
import { Injectable } from '@nestjs/common';
import { DeliveryStore } from '../delivery/delivery.store';
import { Lease } from '../lease/lease';
import { LogClient } from '../log/log-client';
import { isTypePattern } from '../matching/type-pattern';
import { newSigningSecret } from '../sink/signature';
import { requirePermitted, SinkNotPermitted } from '../sink/sink-lookup';
import { Sinks } from '../sink/sinks';
import { describeSubscription } from './described-subscription';
import {
  InvalidTypePattern,
  SinkRefused,
  SubscriptionExists,
  SubscriptionIsDeclared,
  SubscriptionNotFound,
} from '../subscription/subscription.errors';
import { type SubscriptionRecord } from '../subscription/subscription.schema';
import { type SubscriptionChange, SubscriptionStore } from '../subscription/subscription.store';

/** How long the secret before is used beside a new one, in milliseconds. */
const BOTH_SECRETS_MS = 24 * 3_600_000;

/** Who gets which events, and how. */
@Injectable()
export class SubscriptionService {
  constructor(
    private readonly store: SubscriptionStore,
    private readonly deliveries: DeliveryStore,
    private readonly log: LogClient,
    private readonly lease: Lease,
    private readonly sinks: Sinks,
  ) {}

  /** @throws SubscriptionExists, InvalidTypePattern, SinkRefused */
  async create({ name, from, secretHeaders, ...spec }: NewSubscription): Promise<CreatedSubscription> {
    await this.check(spec);
    const secret = newSigningSecret();
    const position = await this.startOf(from);
    const isNew = await this.store.add({
      name,
      origin: 'created',
      spec,
      position,
      secrets: [{ secret }],
      ...(secretHeaders !== undefined && { secretHeaders }),
    });
    if (!isNew) throw new SubscriptionExists(name);
    await this.lease.announceChange();
    return { ...(await this.get(name)), secret };
  }

  async list(): Promise<Subscription[]> {
    const [records, end] = await Promise.all([this.store.all(), this.endOfLog()]);
    return records.map((record) => describeSubscription(record, end));
  }

  /** @throws SubscriptionNotFound */
  async get(name: string): Promise<Subscription> {
    const [record, end] = await Promise.all([this.record(name), this.endOfLog()]);
    return describeSubscription(record, end);
  }

  /** @throws SubscriptionNotFound, SubscriptionIsDeclared, InvalidTypePattern, SinkRefused */
  async update(name: string, { secretHeaders, ...spec }: SubscriptionUpdate): Promise<Subscription> {
    await this.check(spec);
    return this.change(name, () => ({
      spec: JSON.stringify(spec),
      ...(secretHeaders !== undefined && { secretHeaders: JSON.stringify(secretHeaders) }),
    }));
  }

  /** @throws SubscriptionNotFound, SubscriptionIsDeclared */
  async remove(name: string): Promise<void> {
    await this.changeable(name);
    await this.store.remove(name);
    await this.lease.announceChange();
    await this.deliveries.removeOf(name);
  }

  /** @throws SubscriptionNotFound, SubscriptionIsDeclared */
  pause(name: string): Promise<Subscription> {
    return this.change(name, () => ({ state: 'paused', stateReason: 'paused by request' }));
  }

  /** @throws SubscriptionNotFound, SubscriptionIsDeclared */
  resume(name: string): Promise<Subscription> {
    return this.change(name, () => ({ state: 'active' }));
  }

  /** @throws SubscriptionNotFound, SubscriptionIsDeclared */
  async rotateSecret(name: string): Promise<RotatedSecret> {
    const secret = newSigningSecret();
    const validUntil = new Date(Date.now() + BOTH_SECRETS_MS);
    await this.change(name, ({ secrets }) => {
      const before = secrets.at(-1);
      return { secrets: [...(before === undefined ? [] : [{ ...before, validUntil }]), { secret }] };
    });
    return { secret, previousValidUntil: validUntil.toISOString() };
  }

  private async change(
    name: string,
    changeOf: (record: SubscriptionRecord) => SubscriptionChange,
  ): Promise<Subscription> {
    const record = await this.changeable(name);
    await this.store.change(name, changeOf(record));
    await this.lease.announceChange();
    return this.get(name);
  }

  private async changeable(name: string): Promise<SubscriptionRecord> {
    const record = await this.record(name);
    if (record.origin === 'declared') throw new SubscriptionIsDeclared(name);
    return record;
  }

  private async record(name: string): Promise<SubscriptionRecord> {
    const record = await this.store.find(name);
    if (record === null) throw new SubscriptionNotFound(name);
    return record;
  }

  private async check({ sink, types }: SubscriptionSpec): Promise<void> {
    const wrong = types.find((pattern) => !isTypePattern(pattern));
    if (wrong !== undefined) throw new InvalidTypePattern(wrong);
    try {
      await requirePermitted(new URL(sink).hostname, this.sinks.networks);
    } catch (error) {
      throw error instanceof SinkNotPermitted ? new SinkRefused(error.message, { cause: error }) : error;
    }
  }

  private async startOf(from: StartPosition): Promise<number> {
    if (from === 'beginning') return 0;
    if (from === 'end') return this.log.position();
    return 'time' in from ? this.log.position(from.time) : from.position;
  }

  /** A subscription can be shown while the log is away. */
  private endOfLog(): Promise<number> {
    return this.log.position().catch(() => 0);
  }
}
