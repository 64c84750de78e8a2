import { readTyped, type TypedDocument } from '../bson/document';
import { type Collection, type StoredRecord } from '../storage/collection';
import { type Environment } from '../storage/environment';
import { type QueryPlan } from './planner';
import { RecordSet } from './record-set';
import { type Candidate, CollectionScan, IndexScan, type Scan } from './scan';

/** A document that matches. */
export class Match implements StoredRecord {
  private decoded: TypedDocument | undefined;

  constructor(
    readonly recordId: number,
    readonly bytes: Buffer,
  ) {}

  /** The decoded document. */
  get document(): TypedDocument {
    this.decoded ??= readTyped(this.bytes);
    return this.decoded;
  }

  /** The same match, decoded anew when it is needed. */
  copy(): Match {
    return new Match(this.recordId, this.bytes);
  }
}

/** Bytes of a document that is not decoded as a whole to see whether it matches. */
const LARGE = 1_024;

/** Candidates after which `matches` gives its caller the chance to pause. */
const EXAMINED_PER_PAUSE = 128;

/** The matches of a plan, without its sort, skip and limit; can be left and taken up again as a Scan can. */
export class QueryRun {
  docsExamined = 0;
  private readonly scan: Scan;
  private readonly seen = new RecordSet();

  constructor(
    environment: Environment,
    private readonly collection: Collection,
    private readonly plan: QueryPlan,
  ) {
    this.scan =
      plan.access === undefined ? new CollectionScan(environment, collection) : new IndexScan(environment, plan.access);
  }

  get keysExamined(): number {
    return this.scan.keysExamined;
  }

  /** The matches, each document once; undefined now and then in between, as an occasion to pause. */
  *matches(): Generator<Match | undefined, void, undefined> {
    let examined = 0;
    for (const candidate of this.scan.candidates()) {
      const match = this.examine(candidate);
      if (match !== undefined) yield match;
      // Only now: the scan goes on behind the candidate when it is left here.
      if (++examined % EXAMINED_PER_PAUSE === 0) yield undefined;
    }
  }

  private examine(candidate: Candidate): Match | undefined {
    if (this.plan.access !== undefined && !this.seen.add(candidate.recordId)) return undefined;
    const bytes = candidate.bytes ?? this.collection.read(candidate.recordId);
    if (bytes === undefined) return undefined;
    this.docsExamined++;
    const match = new Match(candidate.recordId, bytes);
    return this.isMatch(match) ? match : undefined;
  }

  private isMatch(match: Match): boolean {
    const { residual } = this.plan;
    if (residual === undefined) return true;
    const isLarge = match.bytes.length > LARGE;
    return residual.matches(isLarge ? readTyped(residual.select(match.bytes)) : match.document);
  }
}
