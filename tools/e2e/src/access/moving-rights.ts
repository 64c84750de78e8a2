import { setTimeout as delay } from 'node:timers/promises';
import { type Role, ROLES, type Scope } from '@keptn/api-models';
import fc from 'fast-check';
import { expect } from 'vitest';
import { type ReachableSystem } from '../running-system';

/** What an end of rights takes at most to be known everywhere, in milliseconds. */
const SEEN_EVERYWHERE_MS = 2_000;

const PROJECTS = ['sockshop', 'other'] as const;
type Project = (typeof PROJECTS)[number];

interface Grant {
  readonly role: Role;
  readonly project: Project | 'all';
}

/** Roles of people, by the groups in their tokens. */
export const GROUP_GRANTS = {
  'team-sockshop': { role: 'editor', project: 'sockshop' },
  watchers: { role: 'viewer', project: 'other' },
  administrators: { role: 'admin', project: 'all' },
} as const satisfies Readonly<Record<string, Grant>>;
const GROUPS = Object.keys(GROUP_GRANTS) as (keyof typeof GROUP_GRANTS)[];

/** As the setting IDENTITY_PROVIDERS has them. */
export const groupGrants = Object.entries(GROUP_GRANTS).map(([groups, { role, project }]) => ({
  claims: { groups },
  role,
  ...(project !== 'all' && { projects: [project] }),
}));

export const move = fc.oneof(
  fc.record({
    what: fc.constantFrom('create', 'create for a second', 'rotate', 'rotate with overlap', 'delete', 'move to'),
    name: fc.constantFrom('m-a', 'm-b'),
    role: fc.constantFrom(...(Object.keys(ROLES) as Role[])),
    project: fc.constantFrom(...PROJECTS),
  }),
  fc.record({ what: fc.constant('regroup' as const), groups: fc.subarray(GROUPS) }),
);
type Move = typeof move extends fc.Arbitrary<infer Value> ? Value : never;
type TokenMove = Exclude<Move, { what: 'regroup' }>;

/** A text that somebody has, what it permits, and since when it permits nothing any more. */
interface Credential {
  readonly headers: Readonly<Record<string, string>>;
  readonly grants: readonly Grant[];
  endsAt: number;
}

const PROBES: readonly (readonly [Scope, string, string, Project | undefined])[] = [
  ...PROJECTS.map(
    (project) => ['project:read', 'GET', `/configuration-service/v1/project/${project}`, project] as const,
  ),
  ['service:write', 'DELETE', '/v1/project/sockshop/service/none', 'sockshop'],
  ['token:manage', 'GET', '/v1/token', undefined],
];

/** What named tokens and people may do, as this model has it, compared with what happens at every gateway. */
export class MovingRights {
  private readonly tokens = new Map<string, { readonly grant: Grant; readonly valid: Credential[] }>();
  private person: Credential | undefined;
  private readonly ended = new Set<Credential>();

  constructor(
    private readonly system: ReachableSystem,
    private readonly gateways: readonly string[],
    private readonly tokenOf: (groups: readonly string[]) => Promise<string>,
  ) {}

  async make(step: Move): Promise<void> {
    if (step.what === 'regroup') {
      const headers = { authorization: `Bearer ${await this.tokenOf(step.groups)}` };
      this.person = { headers, grants: step.groups.map((group) => GROUP_GRANTS[group]), endsAt: Infinity };
    } else if (step.what.startsWith('create')) await this.create(step);
    else if (step.what.startsWith('rotate')) await this.rotate(step);
    else {
      await this.remove(step.name);
      if (step.what === 'move to') await this.create(step);
    }
  }

  /** Nobody may do more than the model says, at no gateway; and no less, unless their rights are ending. */
  async check(): Promise<void> {
    const all = [...[...this.tokens.values()].flatMap(({ valid }) => valid), ...this.ended];
    if (this.person !== undefined) all.push(this.person);
    await Promise.all(
      all.map(async (credential) => {
        const isOver = await Promise.all(this.gateways.map((gateway) => this.isOverAt(gateway, credential)));
        if (isOver.every(Boolean)) this.ended.delete(credential);
      }),
    );
  }

  /** Resolves when all that was ended is refused by every gateway. */
  async end(): Promise<void> {
    for (const name of this.tokens.keys()) await this.remove(name);
    const last = Math.max(...[...this.ended].map(({ endsAt }) => endsAt));
    await delay(last + SEEN_EVERYWHERE_MS - Date.now());
    await this.check();
    expect(this.ended.size).toBe(0);
  }

  private async create({ name, role, project, what }: TokenMove): Promise<void> {
    const isShort = what === 'create for a second';
    const endsAt = isShort ? Date.now() + 1_000 : Infinity;
    const expiry = isShort && { expiresAt: new Date(endsAt).toISOString() };
    const { status, json } = await this.system.call('POST', '/v1/token', {
      name,
      role,
      projects: [project],
      ...expiry,
    });
    expect(status).toBe(this.tokens.has(name) ? 409 : 201);
    if (status !== 201) return;
    const grant = { role, project };
    const first = { headers: headersWith(json), grants: [grant], endsAt };
    this.tokens.set(name, { grant, valid: isShort ? [] : [first] });
    if (isShort) this.ended.add(first);
  }

  private async rotate({ name, what }: TokenMove): Promise<void> {
    const token = this.tokens.get(name);
    const overlapSeconds = what === 'rotate' ? 0 : 3_600;
    const { status, json } = await this.system.call('POST', `/v1/token/${name}/rotate`, { overlapSeconds });
    expect(status).toBe(token === undefined ? 404 : 200);
    // What has an end of its own has it after a rotation as well.
    if (token === undefined || token.valid.length === 0) return;
    const { grant, valid } = token;
    const [latest] = valid;
    const kept = overlapSeconds === 0 || latest === undefined ? [] : [latest];
    this.retire(valid.filter((each) => !kept.includes(each)));
    this.tokens.set(name, {
      grant,
      valid: [{ headers: headersWith(json), grants: [grant], endsAt: Infinity }, ...kept],
    });
  }

  private async remove(name: string): Promise<void> {
    const token = this.tokens.get(name);
    expect((await this.system.call('DELETE', `/v1/token/${name}`)).status).toBe(token === undefined ? 404 : 200);
    this.retire(token?.valid ?? []);
    this.tokens.delete(name);
  }

  private retire(credentials: readonly Credential[]): void {
    for (const credential of credentials) {
      credential.endsAt = Date.now();
      this.ended.add(credential);
    }
  }

  /** @returns whether the gateway refuses it for good */
  private async isOverAt(gateway: string, { headers, grants, endsAt }: Credential): Promise<boolean> {
    for (const [scope, method, path, project] of PROBES) {
      const mustBeRefused = Date.now() >= endsAt + SEEN_EVERYWHERE_MS;
      const { status } = await fetch(gateway + path, { method, headers });
      if (status === 401 && endsAt !== Infinity) return mustBeRefused;
      const seen = status !== 401 && status !== 403;
      const permitted = !mustBeRefused && grants.some((grant) => includes(grant, scope, project));
      expect({ gateway, grants, scope, project, status, seen }).toEqual({
        ...{ gateway, grants, scope, project, status },
        seen: permitted,
      });
      expect(mustBeRefused).toBe(false);
    }
    return false;
  }
}

const headersWith = (json: unknown) => ({ 'x-token': (json as { token: string }).token });

const includes = (grant: Grant, scope: Scope, project: Project | undefined): boolean =>
  (ROLES[grant.role] as readonly Scope[]).includes(scope) &&
  (grant.project === 'all' || project === undefined || grant.project === project);
