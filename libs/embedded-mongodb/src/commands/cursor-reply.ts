import { Long } from 'bson';
import { RawDocument } from '../bson/raw-document';
import { asNumber, type TypedDocument } from '../bson/document';
import { EventLoopShare } from '../query/event-loop-share';
import { type MatchStream } from '../query/match-stream';
import { type Match } from '../query/query-run';
import { type Collection } from '../storage/collection';
import { documentArgument } from './command';
import { type BatchSource, type CursorRegistry } from './cursor-registry';

/** Documents in a first batch when the client names no number, as in MongoDB. */
const DEFAULT_FIRST_BATCH = 101;
/** Bytes of documents in a reply; a document is at most as large, so one always fits. */
const MAX_BATCH_BYTES = 16 * 1024 * 1024;

/** The matches of a query, shaped by a projection, in batches. */
export class QueryBatches implements BatchSource {
  private surplus: Buffer | undefined;
  private hasEnded = false;

  constructor(
    private readonly collection: Collection,
    private readonly stream: MatchStream,
    private readonly shape: (match: Match) => Buffer,
  ) {}

  get namespace(): string {
    return this.collection.namespace;
  }

  async next(size: number): Promise<{ documents: readonly Buffer[]; isLast: boolean }> {
    const documents: Buffer[] = [];
    let bytes = 0;
    const share = new EventLoopShare();
    const add = (document: Buffer): boolean => {
      if (documents.length > 0 && bytes + document.length > MAX_BATCH_BYTES) {
        this.surplus = document;
        return false;
      }
      documents.push(document);
      bytes += document.length;
      return documents.length < size && !share.isUsedUp;
    };
    const earlier = this.takeSurplus();
    if (earlier !== undefined) add(earlier);
    while (this.wantsMore(documents.length < size)) {
      this.hasEnded = this.stream.pull((match) => add(this.shape(match)), share) === 'ended';
      if (!this.hasEnded && share.isUsedUp) await share.nextTurn();
    }
    return { documents, isLast: this.hasEnded && this.surplus === undefined };
  }

  private takeSurplus(): Buffer | undefined {
    const { surplus } = this;
    this.surplus = undefined;
    return surplus;
  }

  private wantsMore(hasRoom: boolean): boolean {
    return hasRoom && !this.hasEnded && this.surplus === undefined;
  }
}

/** Documents that exist already, in batches. */
export class DocumentBatches implements BatchSource {
  private position = 0;

  constructor(
    readonly namespace: string,
    private readonly documents: readonly Buffer[],
  ) {}

  next(size: number): Promise<{ documents: readonly Buffer[]; isLast: boolean }> {
    const documents: Buffer[] = [];
    let bytes = 0;
    while (documents.length < size) {
      const next = this.documents[this.position];
      if (next === undefined || (documents.length > 0 && bytes + next.length > MAX_BATCH_BYTES)) break;
      documents.push(next);
      bytes += next.length;
      this.position++;
    }
    return Promise.resolve({ documents, isLast: this.position >= this.documents.length });
  }
}

/** The reply to a command that opens a cursor: the first batch, and an id when there is more. */
export async function firstBatch(
  cursors: CursorRegistry,
  source: BatchSource,
  size: number | undefined,
  isSingle: boolean,
): Promise<RawDocument> {
  const { documents, isLast } =
    size === 0 ? { documents: [], isLast: false } : await source.next(size ?? DEFAULT_FIRST_BATCH);
  const id = isLast || isSingle ? Long.ZERO : cursors.open(source);
  return cursorReply('firstBatch', documents, id, source.namespace);
}

/** The reply with a batch of documents. */
export function cursorReply(
  field: 'firstBatch' | 'nextBatch',
  documents: readonly Buffer[],
  id: Long,
  namespace: string,
): RawDocument {
  const cursor = new RawDocument().documents(field, documents).fields({ id, ns: namespace });
  return new RawDocument().document('cursor', cursor.bytes());
}

/** The batch size of the `cursor` option of aggregate, listCollections and listIndexes. */
export function cursorBatchSize(body: TypedDocument): number | undefined {
  return asNumber(documentArgument(body, 'cursor')['batchSize']);
}
