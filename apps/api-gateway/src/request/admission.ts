import { type IncomingMessage } from 'node:http';
import { type Scope } from '@keptn/api-models';
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
  /** Whether it is somebody who looks after the whole installation. */
  readonly managesSystem: boolean;
}

const SHARED: Admission = { identity: undefined, isNamed: false, callerId: 'shared', managesSystem: true };

const grant = z.object({ scopes: z.array(z.string()), projects: z.union([z.literal('all'), z.array(z.string())]) });
const named = z.object({ id: z.string(), grants: z.array(grant) });
const claims = z.object({ caller: z.union([z.literal('shared'), named]) });

/** @param identity from the answer of api-service, whose word the gateway takes; absent in answers of older releases */
export function admissionOf(identity: string | string[] | undefined): Admission {
  if (typeof identity !== 'string') return SHARED;
  const { caller } = claims.parse(JSON.parse(Buffer.from(identity.split('.')[1] ?? '', 'base64url').toString()));
  if (caller === 'shared') return { ...SHARED, identity };
  const managesSystem = caller.grants.some(
    ({ scopes, projects }) => projects === 'all' && scopes.includes('system:manage' satisfies Scope),
  );
  return { identity, isNamed: true, callerId: caller.id, managesSystem };
}

/** What a client says of who it is counts for nothing. */
export function dropClaims({ headers }: IncomingMessage): void {
  Reflect.deleteProperty(headers, IDENTITY_HEADER);
  Reflect.deleteProperty(headers, ON_BEHALF_HEADER);
}

const OF_CALLERS: ReadonlySet<string> = new Set([TOKEN_HEADER, 'authorization']);

/** Headers that stay here: tokens of callers; the shared one the services know. */
export const withheldOf = (admission: Admission | undefined): ReadonlySet<string> | undefined =>
  admission?.isNamed === true ? OF_CALLERS : undefined;
