import { asNumber, type TypedDocument } from '../bson/document';
import { CommandError, notSupported } from '../errors';
import { parseFilter } from '../filter/filter';
import { type QuerySpecification } from '../query/planner';
import { parseSort } from '../keys/sort-order';
import { type Command, countArgument, documentArgument, refuseOptions } from './command';

/** What a find or count asks for. A negative limit means one batch of that size. @throws CommandError */
export function querySpecification(body: TypedDocument, filterName: 'filter' | 'query'): QuerySpecification {
  refuseOptions(body, 'collation', 'hint', 'let', 'min', 'max', 'returnKey', 'showRecordId', 'tailable', 'awaitData');
  const skip = countArgument(body, 'skip') ?? 0;
  if (skip < 0) throw new CommandError('BadValue', 'Skip value must be non-negative');
  return {
    filter: parseFilter(documentArgument(body, filterName)),
    sort: parseSort(body['sort']),
    skip,
    limit: Math.abs(countArgument(body, 'limit') ?? 0),
  };
}

/** Refuses concerns that a standalone server cannot keep, as a standalone MongoDB does. */
export function refuseConcerns({ body }: Command): void {
  const level = documentArgument(body, 'readConcern')['level'];
  if (level === 'snapshot' || level === 'linearizable') throw notSupported(`the read concern ${level}`);
  const w = asNumber(documentArgument(body, 'writeConcern')['w']);
  if (w !== undefined && w > 1) {
    throw new CommandError('BadValue', "cannot use 'w' > 1 when a host is not replicated");
  }
}

/** Refuses what belongs to a transaction, as a standalone MongoDB does. */
export function refuseTransactions(command: Command): void {
  if (command.body['startTransaction'] === true || command.body['autocommit'] === false) {
    throw new CommandError(
      'IllegalOperation',
      'Transaction numbers are only allowed on a replica set member or mongos; the embedded store has none, ' +
        'use a real MongoDB (set MONGODB_URI) for them',
    );
  }
}
