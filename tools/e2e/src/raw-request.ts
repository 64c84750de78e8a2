import { once } from 'node:events';
import { connect } from 'node:net';

/** Status and JSON of an answer; `json` is undefined when the body is none. */
export interface RawAnswer {
  readonly status: number;
  readonly json: unknown;
}

/**
 * Sends octets that no HTTP client would send, and only then reads, as simple clients do, until the server ends the connection.
 *
 * @param head request line and headers, without `Connection`
 */
export async function sendRaw(
  port: number,
  head: readonly string[],
  body: Buffer = Buffer.alloc(0),
): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const lines = [...head, 'Connection: close', ...(body.length > 0 ? [`Content-Length: ${body.length}`] : [])];
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.write(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body]), () => {
      resolve();
    });
  });
  const received: Buffer[] = [];
  for await (const chunk of socket) received.push(chunk as Buffer);
  const [answerHead = '', answerBody = ''] = Buffer.concat(received).toString('utf8').split('\r\n\r\n');
  return { status: Number(answerHead.split(' ')[1]), json: parsed(answerBody) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
