import { Caller, ROLES } from '@keptn/api-models';
import { describe, expect, it } from 'vitest';
import { mayWithSubscription, projectsOfFilters } from './subscription-projects';

describe('the projects that a subscription can get events of', () => {
  it.each([
    ['an exact project', [{ exact: { project: 'a' } }], ['a']],
    ['the field of the data', [{ exact: { 'data.project': 'a', stage: 'dev' } }], ['a']],
    ['one of several filters', [{ prefix: { type: 'sh.' } }, { exact: { project: 'a' } }], ['a']],
    ['all of several', [{ all: [{ prefix: { type: 'sh.' } }, { exact: { project: 'a' } }] }], ['a']],
    ['any of several', [{ any: [{ exact: { project: 'a' } }, { exact: { project: 'b' } }] }], ['a', 'b']],
  ])('are named by %s', (_what, filters, projects) => {
    expect(projectsOfFilters(filters)).toEqual(projects);
  });

  it.each([
    ['no filter', []],
    ['a prefix', [{ prefix: { project: 'a' } }]],
    ['an alternative without a project', [{ any: [{ exact: { project: 'a' } }, { exact: { stage: 'dev' } }] }]],
    ['an exclusion', [{ not: { exact: { project: 'a' } } }]],
  ])('are all with %s', (_what, filters) => {
    expect(projectsOfFilters(filters)).toBeUndefined();
  });

  it('decide who may see it', () => {
    const caller = new Caller({
      kind: 'token',
      name: 'ci',
      id: '1',
      grants: [{ scopes: ROLES.viewer, projects: ['a'] }],
    });
    const may = (filters: Parameters<typeof projectsOfFilters>[0] & object) =>
      mayWithSubscription(caller, 'subscription:read', { filters: [...filters] });
    expect(may([{ exact: { project: 'a' } }])).toBe(true);
    expect(may([{ any: [{ exact: { project: 'a' } }, { exact: { project: 'b' } }] }])).toBe(false);
    expect(may([])).toBe(false);
  });
});
