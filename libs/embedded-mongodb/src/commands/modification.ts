import { equalValues } from '../bson/compare';
import { type TypedDocument } from '../bson/document';
import { CommandError } from '../errors';
import { parseFilter } from '../filter/filter';
import { type QuerySpecification } from '../query/planner';
import { parseSort } from '../keys/sort-order';
import { type Update } from '../update/update-document';
import { documentArgument, refuseOptions } from './command';
import { prepareDocument, type PreparedDocument } from './prepared-document';
import { type Target } from './target';

/** The selection of a statement of update, delete or findAndModify. */
export function selection(statement: TypedDocument, filterName: 'q' | 'query', limit: number): QuerySpecification {
  refuseOptions(statement, 'arrayFilters', 'collation', 'hint', 'let', 'sampleId');
  return {
    filter: parseFilter(documentArgument(statement, filterName)),
    sort: parseSort(statement['sort']),
    skip: 0,
    limit,
  };
}

/** What changing a document came to. */
export interface Modification {
  readonly isChanged: boolean;
  readonly after: PreparedDocument;
}

/** Changes a stored document within a write transaction. @throws CommandError */
export function modify({ collection, match }: Target, update: Update): Modification {
  const before = match.document;
  const after = prepareDocument(update(match.copy().document, 'update'));
  if (!equalValues(before['_id'], after.document['_id'])) {
    throw new CommandError(
      'ImmutableField',
      "Performing an update on the path '_id' would modify the immutable field '_id'",
    );
  }
  const isChanged = !after.bytes.equals(match.bytes);
  if (isChanged) collection.replace(match.recordId, before, after.document, after.bytes);
  return { isChanged, after };
}
