import { expect, it } from 'vitest';
import { withTag } from './with-tag';

it.each([
  ['docker.io/keptnexamples/carts', 'docker.io/keptnexamples/carts:latest'],
  ['localhost:5000/carts', 'localhost:5000/carts:latest'],
  ['carts:0.13.1', 'carts:0.13.1'],
  ['carts@sha256:0a1b', 'carts@sha256:0a1b'],
])('an image without a tag is the latest one: "%s"', (image, artifact) => {
  expect(withTag(image)).toBe(artifact);
});
