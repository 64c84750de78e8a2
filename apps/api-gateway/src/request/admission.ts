import { type IncomingMessage } from 'node:http';
import { IDENTITY_HEADER, TOKEN_HEADER } from '@keptn/auth';
import { ON_BEHALF_HEADER } from '@keptn/service-kit';
import { z } from 'zod';

/** As whom a request goes on to a service. */
export interface Admission {
  /** Signed by api-service for the services. */
  readonly identity: string | undefined;
  /** Whether it is somebody else than the holder of the shared token. */
  readonly isNamed: boolean;
  /** Tells callers apart. */
  readonly callerId: string;
}

const SHARED: Admission = { identity: undefined, isNamed: false, callerId: 'shared' };

const claims = z.object({ caller: z.union([z.literal('shared'), z.object({ id: z.string() })]) });

/** @param identity from the answer of api-service, whose word the gateway takes; absent in answers of older releases */
export function admissionOf(identity: string | string[] | undefined): Admission {
  if (typeof identity !== 'string') return SHARED;
  const { caller } = claims.parse(JSON.parse(Buffer.from(identity.split('.')[1] ?? '', 'base64url').toString()));
  return caller === 'shared' ? { ...SHARED, identity } : { identity, isNamed: true, callerId: caller.id };
}

/** What a client says of who it is counts for nothing. */
export function dropClaims({ headers }: IncomingMessage): void {
  Reflect.deleteProperty(headers, IDENTITY_HEADER);
  Reflect.deleteProperty(headers, ON_BEHALF_HEADER);
}

/** Says to the service who asks. Tokens of callers stay here; the shared one the services know. */
export function introduce({ headers }: IncomingMessage, { identity, isNamed }: Admission): void {
  if (identity !== undefined) headers[IDENTITY_HEADER] = identity;
  if (!isNamed) return;
  Reflect.deleteProperty(headers, TOKEN_HEADER);
  delete headers.authorization;
}
