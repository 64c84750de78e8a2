import { describe, expect, it } from 'vitest';
import { Caller, type Grant } from './caller';
import { ROLES } from './scopes';

const callerWith = (...grants: Grant[]) => new Caller({ kind: 'token', name: 'ci', id: '1', grants });

describe('a caller', () => {
  const bound = callerWith({ scopes: ROLES.operator, projects: ['sockshop'] });

  it('may do what a grant names, on the projects that it names', () => {
    expect(bound.may('event:write', 'sockshop')).toBe(true);
    expect(bound.may('event:write', 'other')).toBe(false);
    expect(bound.may('resource:write', 'sockshop')).toBe(false);
  });

  it('needs a scope on all projects for what belongs to none', () => {
    expect(bound.may('event:read', undefined)).toBe(false);
    expect(callerWith({ scopes: ROLES.viewer, projects: 'all' }).may('event:read', undefined)).toBe(true);
  });

  it('does not mix grants: a scope of one is not granted on the projects of another', () => {
    const mixed = callerWith(
      { scopes: ROLES.admin, projects: ['own'] },
      { scopes: ROLES.viewer, projects: ['own', 'neighbour'] },
    );
    expect(mixed.may('project:write', 'neighbour')).toBe(false);
    expect(mixed.projectsWith('event:read')).toEqual(['own', 'neighbour']);
    expect(mixed.projectsWith('token:manage')).toEqual(['own']);
  });

  it('of no project may do nothing', () => {
    const nowhere = callerWith({ scopes: ROLES.admin, projects: [] });
    expect([nowhere.mayAnywhere('event:read'), nowhere.projectsWith('event:read')]).toEqual([false, []]);
  });

  it('is the shared token, which may do everything', () => {
    expect(Caller.SHARED.may('system:manage', undefined)).toBe(true);
    expect(Caller.SHARED.projectsWith('event:read')).toBe('all');
  });
});

describe('roles', () => {
  it('each hold what the one before holds', () => {
    expect(ROLES.operator).toEqual(expect.arrayContaining([...ROLES.viewer]));
    expect(ROLES.editor).toEqual(expect.arrayContaining([...ROLES.operator]));
    expect(ROLES.admin).toEqual(expect.arrayContaining([...ROLES.editor]));
  });
});
