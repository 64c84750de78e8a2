/** In bytes. */
const ROOM_FOR_ADDITIONS = 64 * 1024;

/**
 * Services pass bodies on with things of their own added: ids, a context, a ticket. What the gateway let in must not become too
 * large on its way, nor an event when it is exported and imported, so every service takes somewhat more.
 *
 * @param maxBodyBytes what the gateway lets in
 */
export const withRoomForAdditions = (maxBodyBytes: number): number => maxBodyBytes + ROOM_FOR_ADDITIONS;
