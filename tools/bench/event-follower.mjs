/** Follows the event log of a running system. */
import { createParser } from 'eventsource-parser';

/**
 * @typedef {{ id: string, source: string, type: string, time: string, shkeptncontext: string, triggeredid?: string,
 *   data: Record<string, any> }} FollowedEvent
 */

/**
 * Calls back for each event of the types from now on, until it is stopped. It goes on where it was cut off.
 *
 * @param {{ endpoint: string, token: string }} system
 * @param {string} type all when empty
 * @param {(event: FollowedEvent) => void} onEvent
 * @returns {() => void} stops it
 */
export function followEvents({ endpoint, token }, type, onEvent) {
  const stopping = new AbortController();
  let lastId = '';
  const read = async () => {
    // Half of an event may be left of a connection that broke.
    const parser = createParser({
      onEvent: ({ id, data }) => {
        lastId = id ?? lastId;
        onEvent(JSON.parse(data));
      },
    });
    const query = type === '' ? '' : `?type=${encodeURIComponent(type)}`;
    const url = `${endpoint}/mongodb-datastore/event/stream${query}`;
    const headers = { 'x-token': token, ...(lastId !== '' && { 'last-event-id': lastId }) };
    const answer = await fetch(url, { headers, signal: stopping.signal });
    const decoder = new TextDecoder();
    for await (const chunk of answer.body ?? []) parser.feed(decoder.decode(chunk, { stream: true }));
  };
  const follow = async () => {
    while (!stopping.signal.aborted) await read().catch(() => undefined);
  };
  void follow();
  return () => {
    stopping.abort();
  };
}
