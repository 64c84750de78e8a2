import { type Fields, fieldsIn } from '../../api/logged-event';

/** A field of an event's data that has a value in a form: a text, a number, or yes and no. */
export interface DataField {
  /** Names from the data down, e.g. `canary`, `action`. */
  readonly path: readonly string[];
  readonly kind: 'flag' | 'number' | 'text';
  readonly description: string;
}

const KINDS: Readonly<Record<string, DataField['kind']>> = {
  string: 'text',
  number: 'number',
  integer: 'number',
  boolean: 'flag',
};

/** What a person does not fill in. */
const BY_THE_API: ReadonlySet<string> = new Set(['eventContext']);

/** The fields that a JSON Schema names, those of objects in it too; maps and lists are written as JSON. */
export function dataFieldsOf(schema: unknown, path: readonly string[] = []): readonly DataField[] {
  return Object.entries(fieldsIn(fieldsIn(schema)['properties'])).flatMap(([name, property]) => {
    if (BY_THE_API.has(name)) return [];
    const here = [...path, name];
    const types = typesOf(property);
    if (types.includes('object')) return dataFieldsOf(objectIn(property), here);
    const kind = types.map((type) => KINDS[type]).find((each) => each !== undefined);
    const { description } = fieldsIn(property);
    return kind === undefined
      ? []
      : [{ path: here, kind, description: typeof description === 'string' ? description : here.join('.') }];
  });
}

/** A schema, or those that it is one of. */
const alternatives = (schema: unknown): readonly unknown[] => {
  const { anyOf } = fieldsIn(schema);
  return Array.isArray(anyOf) ? (anyOf as unknown[]) : [schema];
};

const typesOf = (schema: unknown): readonly string[] =>
  alternatives(schema)
    .flatMap((each) => fieldsIn(each)['type'])
    .filter((type): type is string => typeof type === 'string');

const objectIn = (schema: unknown): unknown => alternatives(schema).find((each) => 'properties' in fieldsIn(each));

/** @returns undefined where there is nothing */
export const valueAt = (data: Fields, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, name) => fieldsIn(value)[name], data);

/** @param value undefined takes the field away */
export function withValue(data: Fields, [name = '', ...rest]: readonly string[], value: unknown): Fields {
  if (rest.length > 0) return { ...data, [name]: withValue(fieldsIn(data[name]), rest, value) };
  const others = Object.fromEntries(Object.entries(data).filter(([key]) => key !== name));
  return value === undefined ? others : { ...data, [name]: value };
}
