import { crc32 } from 'node:zlib';
import { type StoredObjects } from './git-object';
import { type ObjectId, isObjectId } from './object-id';

/** Where a branch was, and where it goes. */
export interface BranchStep {
  readonly branch: string;
  readonly from: ObjectId;
  readonly commit: ObjectId;
}

/** Commits that went to the disk together. */
export interface JournalRecord extends StoredObjects {
  readonly moves: readonly BranchStep[];
}

/** A segment holds something that no crash leaves behind. */
export class JournalDamaged extends Error {}

const MAGIC = Buffer.from('KPTNJRN1', 'latin1');
/** Magic, length of the payload in bytes, its CRC-32. */
const HEADER_BYTES = MAGIC.length + 8;

interface Head {
  /** Loose when it is absent. */
  readonly form?: StoredObjects['form'];
  readonly moves: readonly BranchStep[];
  /** Name and length of each object, in the order of their bytes. */
  readonly objects: readonly (readonly [id: ObjectId, bytes: number])[];
}

/** Header, length of the head, the head as JSON, the bytes of the objects. */
export function encodeRecord({ form, moves, objects }: JournalRecord): Buffer {
  const content: Head = { form, moves, objects: objects.map(({ id, bytes }) => [id, bytes.length]) };
  const head = Buffer.from(JSON.stringify(content));
  const headLength = Buffer.alloc(4);
  headLength.writeUInt32BE(head.length);
  const payload = Buffer.concat([headLength, head, ...objects.map(({ bytes }) => bytes)]);
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32BE(payload.length, MAGIC.length);
  header.writeUInt32BE(crc32(payload), MAGIC.length + 4);
  return Buffer.concat([header, payload]);
}

/**
 * Reads a segment up to where a crash cut it off.
 * @throws JournalDamaged when whole records follow one that is not: that was no crash
 */
export function decodeRecords(segment: Buffer): JournalRecord[] {
  const records: JournalRecord[] = [];
  let position = 0;
  while (position < segment.length) {
    const payload = payloadAt(segment, position);
    if (payload === undefined) {
      if (hasRecordAfter(segment, position)) throw new JournalDamaged(`Unreadable at byte ${position}`);
      break;
    }
    records.push(decodePayload(payload));
    position += HEADER_BYTES + payload.length;
  }
  return records;
}

function payloadAt(segment: Buffer, position: number): Buffer | undefined {
  const start = position + HEADER_BYTES;
  if (start > segment.length || !segment.subarray(position, position + MAGIC.length).equals(MAGIC)) return undefined;
  const length = segment.readUInt32BE(position + MAGIC.length);
  const payload = segment.subarray(start, start + length);
  if (payload.length < length) return undefined;
  return crc32(payload) === segment.readUInt32BE(position + MAGIC.length + 4) ? payload : undefined;
}

function hasRecordAfter(segment: Buffer, position: number): boolean {
  for (let next = segment.indexOf(MAGIC, position + 1); next >= 0; next = segment.indexOf(MAGIC, next + 1)) {
    if (payloadAt(segment, next) !== undefined) return true;
  }
  return false;
}

function decodePayload(payload: Buffer): JournalRecord {
  const headEnd = 4 + payload.readUInt32BE(0);
  const head: unknown = JSON.parse(payload.toString('utf8', 4, headEnd));
  if (!isHead(head)) throw new JournalDamaged('A record of an unknown form');
  let position = headEnd;
  const objects = head.objects.map(([id, length]) => {
    const bytes = payload.subarray(position, position + length);
    position += length;
    return { id, bytes };
  });
  return { form: head.form ?? 'loose', moves: head.moves, objects };
}

function isHead(value: unknown): value is Head {
  if (typeof value !== 'object' || value === null) return false;
  const { form, moves, objects } = value as Partial<Record<keyof Head, unknown>>;
  if (form !== undefined && form !== 'loose' && form !== 'pack') return false;
  return Array.isArray(moves) && moves.every(isBranchStep) && Array.isArray(objects) && objects.every(isEntry);
}

function isEntry(value: unknown): boolean {
  return Array.isArray(value) && isId(value[0]) && Number.isSafeInteger(value[1]);
}

export function isBranchStep(value: unknown): value is BranchStep {
  if (typeof value !== 'object' || value === null) return false;
  const { branch, from, commit } = value as Partial<Record<keyof BranchStep, unknown>>;
  return typeof branch === 'string' && isId(from) && isId(commit);
}

function isId(value: unknown): value is ObjectId {
  return typeof value === 'string' && isObjectId(value);
}
