import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type SubscriptionFilter, type SubscriptionSpec } from '@keptn/api-models';
import { SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { LogClient } from '../log/log-client';
import { natsSubscription } from '../nats/nats-subscription';
import { type Settings } from '../settings';
import { type Declaration } from '../subscription/declaration';
import { SubscriptionStore } from '../subscription/subscription.store';

/** Pause between two looks whether a replica of the version before has ended, in milliseconds. */
const FORMER_LEASE_DELAY_MS = 500;

/** Requests to one receiver at the same time, where contexts may overtake each other. */
const CONCURRENCY = 8;

const TIMEOUT_MS = 30_000;

/** Not used: what the control plane itself must get is never given up. */
const MAX_ATTEMPTS = 1_000;

/** Keeps the subscriptions that the deployment declares as it declares them. */
@Injectable()
export class DeclaredSubscriptions {
  private readonly declared: readonly Declaration[];

  constructor(
    @Inject(SETTINGS) { DECLARED_SUBSCRIPTIONS: named, EVENT_SUBSCRIBERS: urls, NATS_URL: nats }: Settings,
    private readonly store: SubscriptionStore,
    private readonly log: LogClient,
  ) {
    const known = new Set(named.map(({ sink }) => sink));
    const published = nats === undefined ? [] : [natsSubscription(nats)];
    this.declared = [...named, ...published, ...urls.filter((url) => !known.has(url)).map(fromUrl)];
  }

  /**
   * Adds those that are new, changes those that have changed, and removes those that are declared no more. A new one goes on where
   * the event log had come to when it delivered by itself.
   */
  async synchronize(signal: AbortSignal): Promise<void> {
    const stored = await this.store.all();
    for (const declaration of this.declared) {
      const known = stored.find(({ _id, origin }) => _id === declaration.name && origin === 'declared');
      const spec = JSON.stringify(specOf(declaration));
      if (known === undefined) await this.add(declaration, signal);
      else if (known.spec !== spec) await this.store.change(declaration.name, { spec });
    }
    const names = new Set(this.declared.map(({ name }) => name));
    for (const { _id, origin } of stored) if (origin === 'declared' && !names.has(_id)) await this.store.remove(_id);
  }

  private async add(declaration: Declaration, signal: AbortSignal): Promise<void> {
    const position = await this.startOf(declaration, signal);
    if (position === undefined) return;
    const { name } = declaration;
    await this.store.remove(name);
    await this.store.add({ name, origin: 'declared', spec: specOf(declaration), position });
  }

  private async startOf({ sink, from }: Declaration, signal: AbortSignal): Promise<number | undefined> {
    for (;;) {
      const former = await this.store.formerPosition(sink);
      if (typeof former === 'number') return former;
      if (former === undefined) return from === 'beginning' ? 0 : this.log.position();
      await delay(FORMER_LEASE_DELAY_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return undefined;
    }
  }
}

/** A subscriber of EVENT_SUBSCRIBERS: gets every event from the first on, one after another, as it always did. */
function fromUrl(sink: string): Declaration {
  const digest = createHash('sha256').update(sink).digest('hex').slice(0, 8);
  const host = new URL(sink).hostname
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return { name: `${host.slice(0, 50)}-${digest}`, sink, order: 'strict', types: [], from: 'beginning' };
}

const specOf = ({ sink, types, fields = [], order, imported, maxAge }: Declaration): SubscriptionSpec => ({
  sink,
  types: [...types],
  filters: fields.map(isThere),
  ...(imported !== undefined && { imported }),
  ...(maxAge !== undefined && { maxAge }),
  protocolSettings: {
    mode: 'structured',
    headers: {},
    order,
    concurrency: order === 'strict' ? 1 : CONCURRENCY,
    timeoutMs: TIMEOUT_MS,
    maxAttempts: MAX_ATTEMPTS,
  },
});

/** A field of the data that is not empty. */
function isThere(field: string): SubscriptionFilter {
  const empty = { [`data.${field}`]: '' };
  return { prefix: empty, not: { exact: empty } };
}
