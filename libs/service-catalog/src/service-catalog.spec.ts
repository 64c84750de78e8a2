import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultUrlOf, SERVICES, SERVICES_WITH_API, urlVariableOf } from './index';

const WORKSPACE = join(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(WORKSPACE, path), 'utf8');

describe('the list of services', () => {
  it('gives each a name, a port and a path of its own', () => {
    for (const values of [
      SERVICES.map(({ name }) => name),
      SERVICES.map(({ portOffset }) => String(portOffset)),
      SERVICES_WITH_API.map(({ apiPath }) => apiPath),
    ]) {
      expect(new Set(values).size).toBe(values.length);
    }
  });

  it.each(SERVICES)('is true for $name: project, image and manifest are there', ({ name, description }) => {
    expect(existsSync(join(WORKSPACE, 'apps', name, 'project.json'))).toBe(true);
    const dockerfile = read('deploy/Dockerfile');
    expect(dockerfile).toMatch(new RegExp(`^FROM [\\w-]+ AS ${name}$`, 'm'));
    expect(dockerfile).toContain(`org.opencontainers.image.description="${description}"`);
    expect(read(`deploy/base/${name}.yaml`)).toContain(`image: keptn/${name}\n`);
    expect(read('deploy/base/kustomization.yaml')).toContain(`- ${name}.yaml\n`);
  });

  it('says what event-broker is told in a cluster', () => {
    const subscriptions = SERVICES.flatMap(({ name, receivesEvents }) =>
      receivesEvents === undefined
        ? []
        : [[`${name}=${defaultUrlOf(name)}${receivesEvents.path}`, ...(receivesEvents.options ?? [])].join(';')],
    );
    const manifest = read('deploy/base/event-broker.yaml');
    const [, declared] = /DECLARED_SUBSCRIPTIONS\n\s+value: >-\n\s+(\S+)\n/.exec(manifest) ?? [];
    expect(declared?.split(',')).toEqual(subscriptions);
  });

  it('names the variable of a service', () => {
    expect(urlVariableOf('mongodb-datastore')).toBe('MONGODB_DATASTORE_URL');
  });
});
