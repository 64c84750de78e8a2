import { Caller, type Grant, ROLES } from '@keptn/api-models';
import { describe, expect, it } from 'vitest';
import { may } from './grants';

const GRANTS: readonly (readonly Grant[])[] = [
  [{ scopes: ROLES.admin, projects: 'all' }],
  [{ scopes: ROLES.viewer, projects: ['sockshop'] }],
  [
    { scopes: ROLES.viewer, projects: 'all' },
    { scopes: ROLES.editor, projects: ['sockshop', 'shop'] },
  ],
  [{ scopes: ROLES.admin, projects: [] }],
  [],
];

const sent = (grants: readonly Grant[]) =>
  grants.map(({ scopes, projects }) => ({
    scopes: [...scopes],
    projects: projects === 'all' ? projects : [...projects],
  }));

describe('what a person may do', () => {
  it.each(GRANTS)('is decided in the page as in the services: %j %j', (...grants) => {
    const caller = new Caller({ kind: 'token', name: 'ci', id: '1', grants });
    for (const scope of ROLES.admin) {
      for (const project of ['sockshop', 'other', undefined]) {
        expect(may(sent(grants), scope, { project })).toBe(caller.may(scope, project));
      }
      expect(may(sent(grants), scope, 'any project')).toBe(caller.mayAnywhere(scope));
    }
  });

  it('with a subscription is what they may do on all projects that it can get events of', () => {
    const grants = sent([{ scopes: ROLES.admin, projects: ['sockshop'] }]);
    const on = (project?: string) => ({ subscription: { filters: project ? [{ exact: { project } }] : [] } });
    const permitted = [on('sockshop'), on('other'), on()].map((each) => may(grants, 'subscription:write', each));
    expect(permitted).toEqual([true, false, false]);
  });

  it('is left to the API while it is not known', () => {
    expect(may(undefined, 'token:manage', { project: undefined })).toBe(true);
  });
});
