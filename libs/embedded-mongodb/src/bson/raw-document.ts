import { type Document } from 'bson';
import { writeDocument } from './document';

const TYPE_DOCUMENT = 0x03;
const TYPE_ARRAY = 0x04;
/** int32 length in front, zero byte behind. */
const FRAME = 5;

/** Builds BSON around documents that exist as bytes already, so that results are not decoded to be sent. */
export class RawDocument {
  private readonly parts: Uint8Array[] = [];
  private size = FRAME;

  /** Appends ordinary fields. */
  fields(fields: Document): this {
    return this.append(writeDocument(fields).subarray(4, -1));
  }

  /** Appends an embedded document given as bytes. */
  document(name: string, bytes: Uint8Array): this {
    return this.append(elementHeader(TYPE_DOCUMENT, name)).append(bytes);
  }

  /** Appends an array of documents given as bytes. */
  documents(name: string, documents: readonly Uint8Array[]): this {
    this.append(elementHeader(TYPE_ARRAY, name));
    const array = new RawDocument();
    documents.forEach((document, index) => array.document(String(index), document));
    return this.append(array.bytes());
  }

  /** The finished document. */
  bytes(): Buffer {
    const length = Buffer.allocUnsafe(4);
    length.writeInt32LE(this.size, 0);
    return Buffer.concat([length, ...this.parts, Buffer.from([0])], this.size);
  }

  private append(bytes: Uint8Array): this {
    this.parts.push(bytes);
    this.size += bytes.length;
    return this;
  }
}

function elementHeader(type: number, name: string): Buffer {
  return Buffer.concat([Buffer.from([type]), Buffer.from(name), Buffer.from([0])]);
}
