import { createHash } from 'node:crypto';
import { type ObjectId } from './object-id';
import { type Tree } from './tree';

export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag';

export interface GitObject {
  readonly type: ObjectType;
  readonly body: Buffer;
}

/** An object with the name that its content gives it, ready to be stored. */
export interface NamedObject extends GitObject {
  readonly id: ObjectId;
  /** What Git hashes, and stores in loose objects, before the body: `<type> <size in bytes>\0`. */
  readonly header: Buffer;
  /** The entries of a tree that was made here. */
  readonly tree?: Tree;
}

/** An object as Git's files hold it: compressed, with what says its type and size. */
export interface StoredObject {
  readonly id: ObjectId;
  readonly bytes: Buffer;
}

/** Objects that are each a file of their own, or entries of one pack. */
export interface StoredObjects {
  readonly form: 'loose' | 'pack';
  readonly objects: readonly StoredObject[];
}

export function nameObject(type: ObjectType, body: Buffer): NamedObject {
  const header = Buffer.from(`${type} ${body.length}\0`, 'latin1');
  const id = createHash('sha1').update(header).update(body).digest('hex') as ObjectId;
  return { id, type, header, body };
}

export function isObjectType(text: string): text is ObjectType {
  return text === 'blob' || text === 'tree' || text === 'commit' || text === 'tag';
}
