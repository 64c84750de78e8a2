import { Header } from '@nestjs/common';

declare const described: unique symbol;

/** The JSON of a value of this type. Parts of an answer that exist as text are put together without being parsed again. */
export type JsonText<Value> = string & { readonly [described]: Value };

export type JsonFields<Value> = { readonly [Name in keyof Value]: JsonText<Exclude<Value[Name], undefined>> };

export const jsonOf = <Value>(value: Value): JsonText<Value> => JSON.stringify(value) as JsonText<Value>;

/** The type of answers that are JSON already: otherwise a text is sent as text. */
export const AnswersJson = (): MethodDecorator => Header('content-type', 'application/json; charset=utf-8');

export const jsonArray = <Item>(items: readonly JsonText<Item>[]): JsonText<Item[]> =>
  `[${items.join(',')}]` as JsonText<Item[]>;

/** The JSON of each field of an object. */
export function jsonFields<Value extends object>(value: Value): JsonFields<Value> {
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, jsonOf(field)])) as JsonFields<Value>;
}

export function jsonObject<Value extends object>(fields: JsonFields<Value>): JsonText<Value> {
  const members = Object.entries(fields).map(([name, json]) => `${JSON.stringify(name)}:${String(json)}`);
  return `{${members.join(',')}}` as JsonText<Value>;
}
