import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import * as models from '../index';
import { type RouteContract } from './route';

const isRoute = (value: unknown): value is RouteContract =>
  typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'answers' in value;

const routes = Object.values(models)
  .flatMap((value): unknown[] => (typeof value === 'object' ? Object.values(value) : []))
  .filter(isRoute);

interface ObjectSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, ObjectSchema>>;
  readonly properties?: object;
  readonly required?: readonly string[];
}

/** The optional fields of a body; none of an event, whose attributes are read as the specification of CloudEvents says. */
function optionalFieldsOf(body: z.ZodType): readonly string[] {
  const schema = z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' }) as ObjectSchema;
  const { properties = {}, required = [] } = schema.$defs?.[schema.$ref?.split('/').at(-1) ?? ''] ?? schema;
  if ('specversion' in properties) return [];
  return Object.keys(properties).filter((name) => !required.includes(name));
}

const fields = routes.flatMap(({ method, path, body }) =>
  body === undefined ? [] : optionalFieldsOf(body).map((field) => ({ route: `${method} ${path}`, field, body })),
);

describe('null in an optional field of a body', () => {
  it.each(fields)('counts as left out: $field of $route', ({ field, body }) => {
    const { error } = body.safeParse({ [field]: null });
    expect((error?.issues ?? []).filter(({ path }) => path[0] === field)).toEqual([]);
  });

  it('is tried with the bodies of all services', () => {
    expect(new Set(fields.map(({ route }) => route)).size).toBeGreaterThan(15);
  });
});
