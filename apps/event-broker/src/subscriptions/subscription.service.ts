import { randomUUID } from 'node:crypto';
import {
  type Caller,
  type CreatedSubscription,
  type NewSubscription,
  projectsOfFilters,
  type ReplaySpan,
  type Scope,
  type RotatedSecret,
  type StartPosition,
  type Subscription,
  type SubscriptionSpec,
  type SubscriptionUpdate,
} from '@keptn/api-models';
import { AddressNotPermitted, NotPermitted, requirePermitted, requireScope } from '@keptn/service-kit';
import { Injectable } from '@nestjs/common';
import { DeliveryStore } from '../delivery/delivery.store';
import { DistributionService } from '../distribution/distribution.service';
import { Lease } from '../lease/lease';
import { LogClient } from '../log/log-client';
import { isTypePattern } from '../matching/type-pattern';
import { InvalidTemplate } from '../sink/compiled-template';
import { contentMakerOf } from '../sink/content';
import { UnlistedCommand } from '../sink/listed-commands';
import { newSigningSecret } from '../sink/signature';
import { Sinks } from '../sink/sinks';
import { describeSubscription } from './described-subscription';
import { mayWithSubscription } from '../subscription/subscription-projects';
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
import { type SubscriptionReach, type SubscriptionRecord } from '../subscription/subscription.schema';
import { type SubscriptionChange, SubscriptionStore } from '../subscription/subscription.store';

/** How long the secret before is used beside a new one, in milliseconds. */
const BOTH_SECRETS_MS = 24 * 3_600_000;

/** A subscription as somebody asks for it. */
export interface Asked {
  readonly name: string;
  readonly caller: Caller;
}

/** Who gets which events, and how. Of subscriptions for projects of others a caller does not learn that they exist. */
@Injectable()
export class SubscriptionService {
  constructor(
    private readonly store: SubscriptionStore,
    private readonly deliveries: DeliveryStore,
    private readonly log: LogClient,
    private readonly lease: Lease,
    private readonly sinks: Sinks,
    private readonly secretBox: SecretBox,
    private readonly distribution: DistributionService,
  ) {}

  /** @throws NotPermitted, SubscriptionExists, InvalidTypePattern, SinkRefused, TemplateRefused */
  async create({ name, from, secretHeaders, ...spec }: NewSubscription, caller: Caller): Promise<CreatedSubscription> {
    requireRights(caller, spec);
    await this.check(spec, caller);
    const secret = newSigningSecret();
    const position = await this.startOf(from);
    const isNew = await this.store.add({
      name,
      origin: 'created',
      spec,
      reach: reachOf(caller),
      position,
      secrets: [{ secret: this.secretBox.seal(secret, name) }],
      ...(secretHeaders !== undefined && { secretHeaders: this.secretBox.sealHeaders(secretHeaders, name) }),
    });
    if (!isNew) throw new SubscriptionExists(name);
    await this.lease.announceChange();
    return { ...(await this.get({ name, caller })), secret };
  }

  async list(caller: Caller): Promise<Subscription[]> {
    const [records, end] = await Promise.all([this.store.all(), this.endOfLog()]);
    return records
      .filter((record) => mayWithSubscription(caller, 'subscription:read', specOf(record)))
      .map((record) => this.described(record, end));
  }

  /** @throws SubscriptionNotFound */
  async get(asked: Asked): Promise<Subscription> {
    const [record, end] = await Promise.all([this.record(asked, 'subscription:read'), this.endOfLog()]);
    return this.described(record, end);
  }

  /**
   * What is as it was interrupts no delivery.
   *
   * @throws SubscriptionNotFound, SubscriptionIsDeclared, NotPermitted, InvalidTypePattern, SinkRefused, TemplateRefused
   */
  async update(asked: Asked, { secretHeaders, ...wanted }: SubscriptionUpdate): Promise<Subscription> {
    requireRights(asked.caller, wanted);
    await this.check(wanted, asked.caller);
    const spec = JSON.stringify(wanted);
    if (secretHeaders === undefined) {
      const before = await this.changeable(asked);
      if (before.spec === spec) return this.get(asked);
      requireKnownReceiver(asked.caller, before, wanted);
    }
    return this.change(asked, () => ({
      spec,
      reach: reachOf(asked.caller),
      failingSince: null,
      ...(secretHeaders !== undefined && {
        secretHeaders: JSON.stringify(this.secretBox.sealHeaders(secretHeaders, asked.name)),
      }),
    }));
  }

  /** @throws SubscriptionNotFound, SubscriptionIsDeclared */
  async remove(asked: Asked): Promise<void> {
    const { name } = asked;
    await this.changeable(asked);
    await this.store.remove(name);
    await this.lease.announceChange();
    await this.deliveries.removeOf(name);
  }

  /** @throws SubscriptionNotFound, SubscriptionIsDeclared */
  pause(asked: Asked): Promise<Subscription> {
    return this.change(asked, () => ({ state: 'paused', stateReason: 'paused by request' }));
  }

  /** @throws SubscriptionNotFound, SubscriptionIsDeclared */
  resume(asked: Asked): Promise<Subscription> {
    return this.change(asked, () => ({ state: 'active', failingSince: null }));
  }

  /** @throws SubscriptionNotFound, SubscriptionIsDeclared */
  async rotateSecret(asked: Asked): Promise<RotatedSecret> {
    const secret = newSigningSecret();
    const validUntil = new Date(Date.now() + BOTH_SECRETS_MS);
    await this.change(asked, ({ secrets }) => {
      const before = secrets.at(-1);
      return {
        secrets: [
          ...(before === undefined ? [] : [{ ...before, validUntil }]),
          { secret: this.secretBox.seal(secret, asked.name) },
        ],
      };
    });
    return { secret, previousValidUntil: validUntil.toISOString() };
  }

  /** @throws SubscriptionNotFound, SubscriptionIsDeclared, EmptySpan */
  async replay(asked: Asked, { from, to }: ReplaySpan): Promise<Subscription> {
    const [position, until] = await Promise.all([
      this.startOf(from),
      to === undefined ? this.log.position() : this.startOf(to),
    ]);
    if (position >= until) throw new EmptySpan(position, until);
    return this.change(asked, () => ({ replay: { id: randomUUID(), position, open: [], until } }));
  }

  private described(record: SubscriptionRecord, end: number): Subscription {
    return describeSubscription(record, end, this.distribution.positionOf(record._id));
  }

  private async change(
    asked: Asked,
    changeOf: (record: SubscriptionRecord) => SubscriptionChange,
  ): Promise<Subscription> {
    const record = await this.changeable(asked);
    await this.store.change(asked.name, changeOf(record));
    await this.lease.announceChange();
    return this.get(asked);
  }

  private async changeable(asked: Asked): Promise<SubscriptionRecord> {
    const record = await this.record(asked, 'subscription:write');
    if (record.origin === 'declared') throw new SubscriptionIsDeclared(asked.name);
    return record;
  }

  private async record({ name, caller }: Asked, scope: Scope): Promise<SubscriptionRecord> {
    const record = await this.store.find(name);
    if (record === null || !mayWithSubscription(caller, scope, specOf(record))) throw new SubscriptionNotFound(name);
    return record;
  }

  private async check({ sink, types, protocolSettings }: SubscriptionSpec, caller: Caller): Promise<void> {
    const wrong = types.find((pattern) => !isTypePattern(pattern));
    if (wrong !== undefined) throw new InvalidTypePattern(wrong);
    try {
      contentMakerOf(protocolSettings);
    } catch (error) {
      throw error instanceof InvalidTemplate ? new TemplateRefused(error.message, { cause: error }) : error;
    }
    try {
      // What runs on a machine of the control plane belongs to no project.
      if (this.sinks.command(sink) !== undefined) requireScope(caller, 'system:manage', undefined);
      else await requirePermitted(new URL(sink).hostname, this.sinks.networks(reachOf(caller)));
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

const specOf = ({ spec }: SubscriptionRecord): SubscriptionSpec => JSON.parse(spec) as SubscriptionSpec;

/** What is inside of the installation belongs to no project either. */
const reachOf = (caller: Caller): SubscriptionReach =>
  caller.may('subscription:write', undefined) ? 'allowed' : 'outside';

/** As they are stored. */
const NO_HEADERS = '{}';

/**
 * Secret headers may be of somebody who manages more than the caller: they go on to no receiver of the caller's choice.
 *
 * @throws SinkRefused
 */
function requireKnownReceiver(caller: Caller, before: SubscriptionRecord, { sink }: SubscriptionSpec): void {
  if (before.secretHeaders === NO_HEADERS || reachOf(caller) === 'allowed' || specOf(before).sink === sink) return;
  throw new SinkRefused('the secret headers are for another one; give secretHeaders as well');
}

/** @throws NotPermitted */
function requireRights(caller: Caller, spec: Pick<SubscriptionSpec, 'filters'>): void {
  if (mayWithSubscription(caller, 'subscription:write', spec)) return;
  throw new NotPermitted(
    'subscription:write',
    projectsOfFilters(spec.filters)?.find((project) => !caller.may('subscription:write', project)),
  );
}
