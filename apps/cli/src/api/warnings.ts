import { type IncomingMessage } from 'node:http';

/** A value of the Warning header (RFC 7234, 5.5): code, agent, and a text in quotes. */
const WARNING = /\b\d{3} \S+ "((?:[^"\\]|\\.)*)"/g;

/** What a server wants a person to know about an answer that is a success. */
export function warningsIn({ headers }: IncomingMessage): string[] {
  const values = [headers['warning']].flat().join(', ');
  return [...values.matchAll(WARNING)].map(([, text = '']) => text.replace(/\\(.)/g, '$1'));
}
