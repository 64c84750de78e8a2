import { once } from 'node:events';
import { createServer } from 'node:net';

/** Ports below those that the system hands out by itself, so that no outgoing connection takes one meanwhile. */
const FIRST = 20_000;
const LAST = 32_000;

/** Ports in a row; the first of them is never given away. Listening at it says that the others belong to this process. */
const BLOCK = 16;

/**
 * @param {number} port
 * @returns {Promise<import('node:net').Server | undefined>} undefined where somebody else listens
 */
const listenAt = async (port) => {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return server;
  } catch {
    return undefined;
  }
};

/** @param {number} port */
const isFree = async (port) => {
  const server = await listenAt(port);
  if (server === undefined) {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
};

/**
 * Finds ports that nobody listens on, and keeps them for this process until it ends: other processes that look for ports
 * here get others, even before anybody listens on these.
 * @param {number} count how many ports in a row, at most 15
 * @returns {Promise<number>} the first of them
 * @throws {RangeError} when so many are never kept together
 */
export async function findFreePorts(count) {
  if (count >= BLOCK) {
    throw new RangeError(`${count} ports were asked for, and at most ${BLOCK - 1} are kept together`);
  }
  for (;;) {
    const guardPort = FIRST + BLOCK * Math.floor((Math.random() * (LAST - FIRST)) / BLOCK);
    const guard = await listenAt(guardPort);
    if (guard === undefined) {
      continue;
    }
    guard.unref();
    const ports = Array.from({ length: count }, (_, index) => guardPort + 1 + index);
    const free = await Promise.all(ports.map(isFree));
    if (free.every(Boolean)) {
      return guardPort + 1;
    }
    guard.close();
  }
}
