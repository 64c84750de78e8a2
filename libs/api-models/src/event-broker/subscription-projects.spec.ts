import { describe, expect, it } from 'vitest';
import { isPermittedWith, projectsOfFilters } from './subscription-projects';

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

  it.each([
    ['one of them', [{ exact: { project: 'a' } }], true],
    ['not all of them', [{ any: [{ exact: { project: 'a' } }, { exact: { project: 'b' } }] }], false],
    ['not all that there are', [], false],
  ])('decide what somebody may do with it who may do so with %s', (_what, filters, isPermitted) => {
    expect(isPermittedWith(filters, (project) => project === 'a')).toBe(isPermitted);
  });
});
