import { randomUUID } from 'node:crypto';
import { ROLE_NAMES, type Role, ROLES } from '@keptn/api-models';
import { type RunningService } from '@keptn/service-kit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { startApiService, TOKEN } from './started-api-service';

/** Milliseconds; for a busy machine. */
const PATIENCE_MS = 20_000;

/** What a token that was given out permits. */
interface Permitted {
  readonly role: Role;
  readonly project: string;
}

describe('tokens at two replicas', () => {
  const MONGODB_URI = `${inject('mongodbUri')}/api-${randomUUID()}`;
  const replicas: RunningService[] = [];

  beforeAll(async () => {
    replicas.push(await startApiService({ MONGODB_URI }), await startApiService({ MONGODB_URI }));
    await vi.waitFor(
      async () => {
        for (const { url } of replicas) expect((await fetch(`${url}/ready`)).status).toBe(200);
      },
      { timeout: PATIENCE_MS },
    );
  });

  afterAll(async () => {
    for (const replica of replicas) await replica.close();
  });

  /** Asks one of the replicas, by turns. */
  const change = async (turn: number, method: string, path: string, body?: object) => {
    const response = await fetch(`${replicas[turn % replicas.length]?.url}/v1/token${path}`, {
      method,
      headers: { 'x-token': TOKEN, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const { token } = (await response.json().catch(() => ({}))) as { token?: string };
    return { status: response.status, token };
  };

  /** What a replica says of a token: its rights, or that it is wrong. */
  const rightsAt = async ({ url }: RunningService, token: string): Promise<unknown> => {
    const { status, headers } = await fetch(`${url}/v1/auth`, { method: 'POST', headers: { 'x-token': token } });
    const claims = headers.get('x-keptn-identity')?.split('.')[1];
    if (claims === undefined) return status;
    const { caller } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { caller: { grants: unknown } };
    return caller.grants;
  };

  const step = fc.record({
    name: fc.constantFrom('one', 'two'),
    what: fc.constantFrom('create', 'create expired', 'rotate', 'rotate with overlap', 'delete'),
    role: fc.constantFrom(...ROLE_NAMES),
    project: fc.constantFrom('sockshop', 'other'),
  });

  it(
    'permit at each of them what a model permits, and nothing after they were revoked',
    { timeout: 120_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 10 }), async (steps) => {
          for (const name of ['one', 'two']) await change(0, 'DELETE', `/${name}`);
          const texts = new Map<string, Map<string, Permitted>>();
          const given = new Set<string>();
          for (const [turn, { name, what, role, project }] of steps.entries()) {
            const known = texts.get(name);
            if (what === 'delete') {
              expect((await change(turn, 'DELETE', `/${name}`)).status).toBe(known === undefined ? 404 : 200);
              texts.delete(name);
            } else if (what.startsWith('create')) {
              const isExpired = what.endsWith('expired');
              const expiresAt = new Date(isExpired ? 0 : Date.now() + 3_600_000).toISOString();
              const { status, token = '' } = await change(turn, 'POST', '', {
                name,
                role,
                projects: [project],
                expiresAt,
              });
              expect(status).toBe(known === undefined ? 201 : 409);
              if (status === 201) {
                texts.set(name, new Map(isExpired ? [] : [[token, { role, project }]]));
                given.add(token);
              }
            } else if (known !== undefined && known.size > 0) {
              const overlapSeconds = what === 'rotate' ? 0 : 3_600;
              const { token = '' } = await change(turn, 'POST', `/${name}/rotate`, { overlapSeconds });
              const [latest] = [...known].toReversed();
              const kept = overlapSeconds === 0 || latest === undefined ? [] : [latest];
              const permitted = latest?.[1] ?? { role, project };
              texts.set(name, new Map([...kept, [token, permitted]]));
              given.add(token);
            }
            for (const token of given) {
              const permitted = [...texts.values()].map((each) => each.get(token)).find((each) => each !== undefined);
              const expected =
                permitted === undefined ? 401 : [{ scopes: ROLES[permitted.role], projects: [permitted.project] }];
              for (const replica of replicas) expect(await rightsAt(replica, token)).toEqual(expected);
            }
          }
        }),
        { numRuns: 10, seed: 11 },
      );
    },
  );
});
