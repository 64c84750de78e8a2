import { randomUUID } from 'node:crypto';
import { type Caller, type CreatedToken, type NewToken, ROLES, type RotatedToken, type Token } from '@keptn/api-models';
import { requireScope } from '@keptn/service-kit';
import { Injectable } from '@nestjs/common';
import { TokenExists, TokenNotFound, TokenRotatedMeanwhile } from './token.errors';
import { hashOfToken, newTokenText } from './token-text';
import { type TokenRecord } from './token.schema';
import { TokenStore } from './token.store';

/** Tokens and what they permit. Whoever manages them may do so on their projects, and give nothing that they do not have. */
@Injectable()
export class TokenService {
  constructor(private readonly store: TokenStore) {}

  /** @throws NotPermitted, TokenExists */
  async create({ name, role, scopes, projects, expiresAt }: NewToken, by: Caller): Promise<CreatedToken> {
    const text = newTokenText();
    const record: TokenRecord = {
      _id: randomUUID(),
      name,
      secrets: [{ hash: hashOfToken(text) }],
      ...(role !== undefined && { role }),
      scopes: [...(role === undefined ? (scopes ?? []) : ROLES[role])],
      ...(projects !== undefined && { projects: [...new Set<string>(projects)] }),
      createdAt: new Date(),
      createdBy: by.name,
      ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt) }),
    };
    requireEqualRights(by, record);
    if (!(await this.store.add(record))) throw new TokenExists(name);
    return { ...describe(record), token: text };
  }

  /** Those that the caller manages. */
  async list(by: Caller): Promise<Token[]> {
    return (await this.store.all()).filter((record) => manages(by, record)).map(describe);
  }

  /** @throws TokenNotFound, NotPermitted, TokenRotatedMeanwhile */
  async rotate(name: string, overlapSeconds: number, by: Caller): Promise<RotatedToken> {
    const record = await this.managed(name, by);
    requireEqualRights(by, record);
    const text = newTokenText();
    const validUntil = new Date(Date.now() + overlapSeconds * 1_000);
    const [before] = record.secrets;
    const secrets = [
      { hash: hashOfToken(text) },
      ...(before === undefined || overlapSeconds === 0 ? [] : [{ ...before, validUntil }]),
    ];
    if (!(await this.store.replaceSecrets(record, secrets))) throw new TokenRotatedMeanwhile(name);
    return { ...describe(record), token: text, previousValidUntil: validUntil.toISOString() };
  }

  /** @throws TokenNotFound */
  async remove(name: string, by: Caller): Promise<void> {
    const { _id } = await this.managed(name, by);
    if (!(await this.store.remove(_id))) throw new TokenNotFound(name);
  }

  private async managed(name: string, by: Caller): Promise<TokenRecord> {
    const record = await this.store.find(name);
    if (record === null || !manages(by, record)) throw new TokenNotFound(name);
    return record;
  }
}

const projectsOf = ({ projects }: TokenRecord): readonly (string | undefined)[] => projects ?? [undefined];

const manages = (caller: Caller, record: TokenRecord): boolean =>
  projectsOf(record).every((project) => caller.may('token:manage', project));

/** @throws NotPermitted when the token permits what the caller may not do */
function requireEqualRights(caller: Caller, record: TokenRecord): void {
  for (const project of projectsOf(record)) {
    for (const scope of ['token:manage', ...record.scopes] as const) requireScope(caller, scope, project);
  }
}

const describe = ({
  _id,
  createdAt,
  createdBy,
  expiresAt,
  lastUsedAt,
  name,
  projects,
  role,
  scopes,
}: TokenRecord): Token => ({
  id: _id,
  name,
  ...(role !== undefined && { role }),
  scopes,
  ...(projects !== undefined && { projects }),
  createdAt: createdAt.toISOString(),
  createdBy,
  ...(expiresAt !== undefined && { expiresAt: expiresAt.toISOString() }),
  ...(lastUsedAt !== undefined && { lastUsedAt: lastUsedAt.toISOString() }),
});
