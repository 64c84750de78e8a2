import { type Document } from 'bson';
import { Aggregator } from 'mingo/aggregator';
import { Context } from 'mingo/core';
import { type Iterator, Lazy } from 'mingo/lazy';
import * as accumulator from 'mingo/operators/accumulator';
import * as expression from 'mingo/operators/expression';
import * as pipeline from 'mingo/operators/pipeline';
import * as projection from 'mingo/operators/projection';
import * as query from 'mingo/operators/query';
import * as window from 'mingo/operators/window';
import { type TypedDocument, typedValue } from '../bson/document';
import { withMongoErrors } from '../filter/expressions';
import { parseFilter } from '../filter/filter';
import { compileFilter } from '../filter/matcher';
import { parseSort, sortKey } from '../keys/sort-order';

/** mingo's operators, with $match and $sort by MongoDB's rules for types, null and arrays. */
const CONTEXT = Context.init({
  accumulator,
  expression,
  pipeline: { ...pipeline, $match: matchStage as typeof pipeline.$match, $sort: sortStage as typeof pipeline.$sort },
  projection,
  query,
  window,
});

/** Runs the stages of a pipeline over documents. @throws CommandError */
export function runStages(
  input: readonly Document[],
  stages: readonly Document[],
  variables: Document,
  foreign: ReadonlyMap<string, Document[]>,
): readonly Document[] {
  return withMongoErrors(() => {
    const aggregator = new Aggregator([...stages], {
      scriptEnabled: false,
      variables,
      collectionResolver: (name) => foreign.get(name) ?? [],
      context: CONTEXT,
    });
    return aggregator.run<Document>([...input]);
  });
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
