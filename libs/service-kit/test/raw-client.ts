import { once } from 'node:events';
import { connect } from 'node:net';

/** Sends the bytes as they are and only then reads, as simple clients do, until the server ends the connection. */
export async function sendThenRead(url: string, bytes: string | Buffer): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.write(bytes, () => {
      resolve();
    });
  });
  const received: Buffer[] = [];
  for await (const chunk of socket) received.push(chunk as Buffer);
  return Buffer.concat(received).toString('latin1');
}

/** Status and JSON of an answer as {@link sendThenRead} gives it. */
export function answerOf(received: string): { status: number; json: unknown } {
  const [head = '', body = ''] = received.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), json: JSON.parse(body) };
}
