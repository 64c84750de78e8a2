import { describe, expect, it } from 'vitest';
import { isOfServer } from './project-folder';

describe("the server's own files", () => {
  const project = { project: 'sockshop' };
  const stage = { ...project, stage: 'dev' };

  it.each([
    ['metadata.yaml', project, true],
    ['docs/metadata.yaml', project, false],
    ['metadata.yaml', stage, true],
    ['carts/metadata.yaml', stage, true],
    ['carts/helm/metadata.yaml', stage, false],
    ['carts/metadata.yaml.orig', stage, false],
  ])('%s in %j: %s', (path, scope, expected) => {
    expect(isOfServer(path, scope)).toBe(expected);
  });
});
