import { createHash } from 'node:crypto';
import { type Caller } from '@keptn/api-models';
import { type JsonValue, stringifyJson } from '@keptn/event-models';
import { BadRequest, ServiceError } from '@keptn/service-kit';
import { Injectable } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { EventLogClient } from '../control-plane/event-log.client';
import { type Identity, newIdentity, repeatedIdentity } from './identity';

/** Longest `Idempotency-Key`, in characters. */
const KEY_LIMIT = 255;

/** Who sends a request, and its `Idempotency-Key`. */
export interface Sender {
  readonly caller: Caller;
  readonly key: string | undefined;
}

/** Another request came with the same key; the status is that of draft-ietf-httpapi-idempotency-key-header, section 2.7. */
export class IdempotencyKeyReused extends ServiceError {
  constructor() {
    super(
      'IDEMPOTENCY_KEY_REUSED',
      'the Idempotency-Key came with another body within 24 hours: send each request with a key of its own',
    );
  }
}

/** @throws BadRequest */
export function idempotencyKeyOf({ 'idempotency-key': key }: FastifyRequest['headers']): string | undefined {
  if (key === undefined || (typeof key === 'string' && key.length >= 1 && key.length <= KEY_LIMIT)) return key;
  throw new BadRequest(`Idempotency-Key in header must have 1 to ${KEY_LIMIT} characters`);
}

/** Gives events their identity: the same again when a request is repeated with its `Idempotency-Key`, so that it counts once. */
@Injectable()
export class IdempotencyKeys {
  constructor(private readonly eventLog: EventLogClient) {}

  /**
   * @param content what the request says; the same for the same request, in whichever form it came
   * @returns the identity of each event of the request, by its index
   * @throws IdempotencyKeyReused
   */
  async identitiesFor({ caller, key }: Sender, content: JsonValue): Promise<(index: number) => Identity> {
    if (key === undefined) return newIdentity;
    const fingerprint = createHash('sha256').update(stringifyJson(content)).digest('hex');
    const firstUse = await this.eventLog.firstUseOf(keyOf(caller, key), fingerprint);
    if (firstUse.fingerprint !== fingerprint) throw new IdempotencyKeyReused();
    return (index) => repeatedIdentity(firstUse, index);
  }
}

/** Keys of one caller say nothing about those of another. Requests with the shared token have one list of keys, as they always had. */
const keyOf = (caller: Caller, key: string): string =>
  caller.isNamed
    ? createHash('sha256')
        .update(JSON.stringify([caller.id, key]))
        .digest('hex')
    : key;
