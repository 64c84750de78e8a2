/**
 * The lines of a text that holds one JSON value a line (https://github.com/ndjson/ndjson-spec), without the blank ones.
 *
 * Only a line feed ends a line. `node:readline` also divides at U+2028 and U+2029, which strings of JSON may hold.
 */
export async function* jsonLinesOf(chunks: AsyncIterable<string>): AsyncGenerator<string, void> {
  let line = '';
  for await (const chunk of chunks) {
    const [first = '', ...others] = chunk.split('\n');
    line += first;
    for (const other of others) {
      if (!isBlank(line)) yield line;
      line = other;
    }
  }
  if (!isBlank(line)) yield line;
}

const isBlank = (line: string): boolean => line.trim() === '';
