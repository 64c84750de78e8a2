import { randomUUID } from 'node:crypto';
import {
  type CreatedSubscription,
  type NewSubscription,
  type ReplaySpan,
  type RotatedSecret,
  type StartPosition,
  type Subscription,
  type SubscriptionSpec,
  type SubscriptionUpdate,
} from '@keptn/api-models';
import { AddressNotPermitted, requirePermitted } from '@keptn/service-kit';
import { Injectable } from '@nestjs/common';
import { DeliveryStore } from '../delivery/delivery.store';
import { Lease } from '../lease/lease';
import { LogClient } from '../log/log-client';
import { isTypePattern } from '../matching/type-pattern';
import { InvalidTemplate } from '../sink/compiled-template';
import { contentMakerOf } from '../sink/content';
import { UnlistedCommand } from '../sink/listed-commands';
import { newSigningSecret } from '../sink/signature';
import { Sinks } from '../sink/sinks';
import { describeSubscription } from './described-subscription';
import { SecretBox } from '../subscription/secret-box';
import {
  EmptySpan,
  InvalidTypePattern,
  SinkRefused,
  SubscriptionExists,
  SubscriptionIsDeclared,
  SubscriptionNotFound,
  TemplateRefused,
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
    private readonly secretBox: SecretBox,
  ) {}

  /** @throws SubscriptionExists, InvalidTypePattern, SinkRefused, TemplateRefused */
  async create({ name, from, secretHeaders, ...spec }: NewSubscription): Promise<CreatedSubscription> {
    await this.check(spec);
    const secret = newSigningSecret();
    const position = await this.startOf(from);
    const isNew = await this.store.add({
      name,
      origin: 'created',
      spec,
      position,
      secrets: [{ secret: this.secretBox.seal(secret, name) }],
      ...(secretHeaders !== undefined && { secretHeaders: this.secretBox.sealHeaders(secretHeaders, name) }),
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

  /**
   * What is as it was interrupts no delivery.
   *
   * @throws SubscriptionNotFound, SubscriptionIsDeclared, InvalidTypePattern, SinkRefused, TemplateRefused
   */
  async update(name: string, { secretHeaders, ...wanted }: SubscriptionUpdate): Promise<Subscription> {
    await this.check(wanted);
    const spec = JSON.stringify(wanted);
    if (secretHeaders === undefined && (await this.changeable(name)).spec === spec) return this.get(name);
    return this.change(name, () => ({
      spec,
      failingSince: null,
      ...(secretHeaders !== undefined && {
        secretHeaders: JSON.stringify(this.secretBox.sealHeaders(secretHeaders, name)),
      }),
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
    return this.change(name, () => ({ state: 'active', failingSince: null }));
  }

  /** @throws SubscriptionNotFound, SubscriptionIsDeclared */
  async rotateSecret(name: string): Promise<RotatedSecret> {
    const secret = newSigningSecret();
    const validUntil = new Date(Date.now() + BOTH_SECRETS_MS);
    await this.change(name, ({ secrets }) => {
      const before = secrets.at(-1);
      return {
        secrets: [
          ...(before === undefined ? [] : [{ ...before, validUntil }]),
          { secret: this.secretBox.seal(secret, name) },
        ],
      };
    });
    return { secret, previousValidUntil: validUntil.toISOString() };
  }

  /** @throws SubscriptionNotFound, SubscriptionIsDeclared, EmptySpan */
  async replay(name: string, { from, to }: ReplaySpan): Promise<Subscription> {
    const [position, until] = await Promise.all([
      this.startOf(from),
      to === undefined ? this.log.position() : this.startOf(to),
    ]);
    if (position >= until) throw new EmptySpan(position, until);
    return this.change(name, () => ({ replay: { id: randomUUID(), position, open: [], until } }));
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

  private async check({ sink, types, protocolSettings }: SubscriptionSpec): Promise<void> {
    const wrong = types.find((pattern) => !isTypePattern(pattern));
    if (wrong !== undefined) throw new InvalidTypePattern(wrong);
    try {
      contentMakerOf(protocolSettings);
    } catch (error) {
      throw error instanceof InvalidTemplate ? new TemplateRefused(error.message, { cause: error }) : error;
    }
    try {
      if (this.sinks.command(sink) === undefined) await requirePermitted(new URL(sink).hostname, this.sinks.networks);
    } catch (error) {
      const isRefused = error instanceof AddressNotPermitted || error instanceof UnlistedCommand;
      throw isRefused ? new SinkRefused(error.message, { cause: error }) : error;
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
