/**
 * The text of a body in parts of whole characters, wherever its bytes are divided. `setEncoding` does not do that for bodies of
 * undici, which only note the encoding.
 */
export async function* streamedText(body: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  for await (const bytes of body) yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
}
