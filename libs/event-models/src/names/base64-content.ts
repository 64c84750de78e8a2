import { z } from 'zod';

/** Largest decoded content when the caller names no limit, in bytes (10 MiB). */
const CONTENT_LIMIT = 10 * 1024 * 1024;

export interface Base64ContentOptions {
  /** Largest decoded content, in bytes. */
  readonly maxBytes?: number;
}

/**
 * Line breaks are dropped, as Keptn's own decoder does: the `base64` command wraps its output.
 * Everything else has to be the standard alphabet with padding.
 */
function withoutLineBreaks(text: string): string {
  return /[\r\n]/.test(text) ? text.replaceAll(/[\r\n]/g, '') : text;
}

/** Comparing with the encoding of what was decoded also finds a missing padding and stray bits in the last character. */
function isBase64(text: string): boolean {
  return text.length % 4 === 0 && Buffer.from(text, 'base64').toString('base64') === text;
}

function decodedLength(text: string): number {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return (text.length / 4) * 3 - padding;
}

/**
 * Schema of base64 text (standard alphabet, with padding), which may be empty.
 * @param options.maxBytes largest decoded content in bytes, {@link CONTENT_LIMIT} when absent
 */
export function base64Content({ maxBytes = CONTENT_LIMIT }: Base64ContentOptions = {}) {
  return z
    .string({ error: 'content must be a base64 string' })
    .overwrite(withoutLineBreaks)
    .superRefine((text, context) => {
      if (decodedLength(text) > maxBytes) {
        context.addIssue({ code: 'custom', message: `content must not be larger than ${maxBytes} bytes once decoded` });
      } else if (!isBase64(text)) {
        const message =
          'content is not valid base64: use the standard alphabet (A-Z, a-z, 0-9, "+", "/") with "=" padding';
        context.addIssue({ code: 'custom', message });
      }
    })
    .meta({
      description: `Content in standard base64 with padding, at most ${maxBytes} bytes once decoded`,
      example: 'a2V5OiB2YWx1ZQo=',
      contentEncoding: 'base64',
    })
    .brand<'Base64Content'>();
}
export type Base64Content = z.infer<ReturnType<typeof base64Content>>;

/** The bytes behind content that {@link base64Content} accepted. */
export function decodeBase64Content(content: Base64Content): Buffer {
  return Buffer.from(content, 'base64');
}

/** The base64 form of bytes, or of a text in UTF-8. */
export function encodeBase64Content(content: Uint8Array | string): Base64Content {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : Buffer.from(content);
  return bytes.toString('base64') as Base64Content;
}
