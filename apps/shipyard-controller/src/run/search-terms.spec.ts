import { describe, expect, it } from 'vitest';
import { imageNamesOf, labelKeyOf } from './search-terms';

describe('an image', () => {
  it.each([
    ['docker.io/keptn/carts:0.1', ['docker.io/keptn/carts', 'carts', 'carts:0.1', '0.1']],
    ['registry:5000/carts', ['carts']],
    ['registry:5000/carts:1', ['registry:5000/carts', 'carts', 'carts:1', '1']],
    ['carts:1', ['carts', 'carts:1', '1']],
    ['keptn/carts@sha256:ab', ['keptn/carts', 'carts', 'carts@sha256:ab', 'sha256:ab']],
    [
      'keptn/carts:1@sha256:ab',
      ['keptn/carts', 'carts', 'keptn/carts:1', 'carts:1', 'carts:1@sha256:ab', '1', 'sha256:ab'],
    ],
  ])('%s is also called by its parts', (reference, names) => {
    expect([...new Set(imageNamesOf(reference))].sort()).toEqual(names.sort());
  });
});

it('A label is found by its key, which ends at the first equals sign', () => {
  expect(['build=17', 'query=a=b', 'empty='].map(labelKeyOf)).toEqual(['build', 'query', 'empty']);
});
