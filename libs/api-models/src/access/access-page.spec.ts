import { describe, expect, it } from 'vitest';
import { api } from '../api-service/api-service';
import { configurationApi } from '../configuration-service/configuration-service';
import { type Api } from '../contract/route';
import { eventBrokerApi } from '../event-broker/event-broker';
import { lighthouseServiceApi } from '../lighthouse-service/lighthouse-service';
import { eventLogApi } from '../mongodb-datastore/mongodb-datastore';
import { shipyardControllerApi } from '../shipyard-controller/shipyard-controller';
import { ALL_SCOPES, ROLE_NAMES, ROLES, type Scope, SCOPES } from './scopes';

const SERVICES: Readonly<Record<string, Api>> = {
  'api-service': api,
  'configuration-service': configurationApi,
  'mongodb-datastore': eventLogApi,
  'event-broker': eventBrokerApi,
  'lighthouse-service': lighthouseServiceApi,
  'shipyard-controller': shipyardControllerApi,
};

const mark = (isTrue: boolean): string => (isTrue ? 'yes' : '');

const scopeRow = (scope: Scope): string => {
  const roles = ROLE_NAMES.map((role) => mark((ROLES[role] as readonly Scope[]).includes(scope)));
  return `| \`${scope}\` | ${SCOPES[scope]} | ${roles.join(' | ')} |`;
};

const operationRows = (routes: Api): string[] =>
  Object.values(routes).map(({ method, path, scope, keepsToProjects }) => {
    const on = path.includes('/{project}') ? 'the project' : keepsToProjects === true ? 'any project' : 'all projects';
    const isScope = scope !== 'anyone' && scope !== 'caller' && scope !== 'service' && scope !== 'ticket';
    return `| \`${method} ${path}\` | ${isScope ? `\`${scope}\`` : scope} | ${isScope ? on : ''} |`;
  });

const page = (): string =>
  [
    '# Scopes and roles',
    '',
    'A scope is granted on all projects or on some. A role is a set of scopes. How tokens and people get them:',
    '[people and tokens](../operate/people-and-tokens.md).',
    '',
    `| scope | permits to | ${ROLE_NAMES.join(' | ')} |`,
    `| --- | --- | ${ROLE_NAMES.map(() => '---').join(' | ')} |`,
    ...ALL_SCOPES.map(scopeRow),
    '',
    '## What each operation needs',
    '',
    '`any project`: the scope on one project suffices, and the answer holds only what belongs to projects on which the caller has it.',
    '`anyone`: no token. `caller`: any token that is right. `ticket`: a ticket instead of a token. `service`: only services of the control plane. The same stands in the OpenAPI documents as `x-keptn-scope`.',
    '',
    ...Object.entries(SERVICES).flatMap(([name, routes]) => [
      `### ${name}`,
      '',
      '| operation | scope | on |',
      '| --- | --- | --- |',
      ...operationRows(routes),
      '',
    ]),
    'Made from `libs/api-models` by `npm run docs`.',
    '',
  ].join('\n');

describe('docs/reference/access.md', () => {
  it('is what scopes, roles and the contracts of the routes say', async () => {
    await expect(page()).toMatchFileSnapshot('../../../../docs/reference/access.md');
  });
});
