import { type FastifyReply } from 'fastify';

/** Characters; headers have limits. */
const LONGEST_WARNING = 1_000;

/**
 * Adds a `Warning` header (RFC 7234, section 5.5) to those that an answer has: code 199, no agent, and the text in what a
 * header can hold.
 */
export function addWarning(reply: FastifyReply, text: string): void {
  const present = [reply.getHeader('Warning') ?? []].flat().map(String);
  const visible = text
    .slice(0, LONGEST_WARNING)
    .replace(/[^\x20-\x7e]/g, '?')
    .replace(/["\\]/g, '\\$&');
  void reply.header('Warning', [...present, `199 - "${visible}"`]);
}
