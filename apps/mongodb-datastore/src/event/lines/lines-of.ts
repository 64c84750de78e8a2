import { type Readable } from 'node:stream';

/** One line, without its end, or that it is longer than the limit. */
export interface Line {
  /** Counted from 1. */
  readonly number: number;
  readonly bytes: Buffer | 'too long';
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Splits a body into lines and holds one at a time. Leaves the stream intact when the reader stops early. */
export async function* linesOf(body: Readable, maxBytes: number): AsyncGenerator<Line> {
  const line = new GrowingLine(maxBytes);
  let number = 1;
  // Destroying the body of a request would take its connection along, and with it the answer.
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      line.add(chunk.subarray(start, end));
      yield { number, bytes: line.take() };
      number += 1;
      start = end + 1;
    }
    line.add(chunk.subarray(start));
  }
  if (!line.isEmpty) yield { number, bytes: line.take() };
}

/** The parts of a line that came so far; of one that is too long nothing is kept. */
class GrowingLine {
  private parts: Buffer[] = [];
  private length = 0;

  constructor(private readonly maxBytes: number) {}

  get isEmpty(): boolean {
    return this.length === 0;
  }

  add(part: Buffer): void {
    this.length += part.length;
    if (this.length > this.maxBytes) this.parts = [];
    else this.parts.push(part);
  }

  take(): Line['bytes'] {
    const bytes = this.length > this.maxBytes ? 'too long' : withoutReturn(Buffer.concat(this.parts));
    this.parts = [];
    this.length = 0;
    return bytes;
  }
}

const withoutReturn = (bytes: Buffer): Buffer => (bytes.at(-1) === CARRIAGE_RETURN ? bytes.subarray(0, -1) : bytes);
