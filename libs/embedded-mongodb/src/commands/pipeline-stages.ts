import { type Document } from 'bson';
import { Aggregator } from 'mingo/aggregator';
import { Context } from 'mingo/core';
import { type Iterator, Lazy } from 'mingo/lazy';
import * as accumulator from 'mingo/operators/accumulator';
import * as expression from 'mingo/operators/expression';
import {
  $addFields,
  $count,
  type $match,
  type $sort,
  $group,
  $limit,
  $project,
  $set,
  $skip,
  $unset,
  $unwind,
} from 'mingo/operators/pipeline';
import { type TypedDocument, typedValue } from '../bson/document';
import { CommandError, notSupported } from '../errors';
import { parseFilter } from '../filter/filter';
import { compileFilter } from '../filter/matcher';
import { parseSort, sortKey } from '../keys/sort-order';

/** The stages, each of which sees only what the one before gives; $match and $sort by MongoDB's rules for types, null and arrays. */
const STAGES = {
  ...{ $addFields, $count, $group, $limit, $project, $set, $skip, $unset, $unwind },
  $match: matchStage as typeof $match,
  $sort: sortStage as typeof $sort,
};
const CONTEXT = Context.init({ accumulator, expression, pipeline: STAGES });

/** Operators that would run what a client sends as JavaScript. */
const SCRIPT_OPERATORS = new Set(['$function', '$accumulator']);

export function isStage(name: string): boolean {
  return Object.hasOwn(STAGES, name);
}

/** Runs the stages of a pipeline over documents. @throws CommandError */
export function runStages(input: readonly Document[], stages: readonly Document[]): readonly Document[] {
  refuseScripts(stages);
  try {
    return new Aggregator([...stages], { scriptEnabled: false, context: CONTEXT }).run<Document>([...input]);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError('BadValue', error instanceof Error ? error.message : String(error));
  }
}

function refuseScripts(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, child] of Object.entries(value)) {
    if (SCRIPT_OPERATORS.has(name)) throw notSupported(`server-side JavaScript (${name})`);
    refuseScripts(child);
  }
}

function matchStage(documents: Iterator, filter: Document): Iterator {
  const matches = compileFilter(parseFilter(typedValue(filter) as TypedDocument));
  return documents.filter<TypedDocument>((document) => matches(document));
}

function sortStage(documents: Iterator, order: Document): Iterator {
  const components = parseSort(order);
  return documents.transform<Document>((all) =>
    Lazy(
      all
        .map((document) => ({ document, key: sortKey(document, components) }))
        .sort((a, b) => Buffer.compare(a.key, b.key))
        .map(({ document }) => document),
    ),
  );
}
