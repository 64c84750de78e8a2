import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonLinesOf } from './json-lines';

async function* chunksOf(text: string, length: number): AsyncGenerator<string, void> {
  for (let start = 0; start < text.length; start += length) {
    yield await Promise.resolve(text.slice(start, start + length));
  }
}

async function linesOf(text: string, length = text.length): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of jsonLinesOf(chunksOf(text, length))) lines.push(line);
  return lines;
}

it('gives back every value that was written as a line, whatever characters are in it and however the text is divided', async () => {
  const written = fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(written, fc.integer({ min: 1, max: 20 }), async (values, length) => {
      const lines = values.map((value) => JSON.stringify(value));
      expect(await linesOf(lines.map((line) => `${line}\n`).join(''), length)).toEqual(lines);
    }),
  );
});

it('ends a line at a line feed only, and leaves out blank lines', async () => {
  const line = '"one\u2028two\u2029three\u0085four",\r5';
  expect(await linesOf(`${line}\n\n \r\n${line}`)).toEqual([line, line]);
});
