/** Receivers that remember what they got, and notice what came twice or out of order. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';

/** Of 100 requests so many are answered with 503 although nothing is wrong, as receivers do. */
const FAILING_PERCENT = 1;

/** What a receiver got. */
class Received {
  /** Ids in the order in which they came first. @type {Set<string>} */
  ids = new Set();
  repeats = 0;
  outOfOrder = 0;
  /** The number of the latest event of each context. @type {Map<string, number>} */
  #latest = new Map();

  /** @param {{ id: string, shkeptncontext: string, data: { number: number } }} event */
  take({ id, shkeptncontext, data: { number } }) {
    if (this.ids.has(id)) {
      this.repeats++;
      return;
    }
    this.ids.add(id);
    if (number < (this.#latest.get(shkeptncontext) ?? -1)) this.outOfOrder++;
    this.#latest.set(shkeptncontext, number);
  }
}

/** A receiver of webhooks. */
export class Receiver extends Received {
  url = '';
  #server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (/** @type {string} */ text) => (body += text));
    request.on('end', () => {
      const isFailing = Math.random() * 100 < FAILING_PERCENT;
      if (!isFailing) this.take(JSON.parse(body));
      response.writeHead(isFailing ? 503 : 200).end();
    });
  });

  async start() {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    this.url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`;
    return this;
  }

  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** What the stream `keptn` of a NATS server got. */
export class StreamReceiver extends Received {
  #readUpTo = 0;

  /** Takes what is new in the stream; none is there until event-broker has made it. @param {string} address of the server */
  async read(address) {
    const connection = await connect({ servers: address });
    try {
      const { streams } = await jetstreamManager(connection);
      const { state } = await streams.info('keptn');
      while (this.#readUpTo < state.last_seq) {
        const message = await streams.getMessage('keptn', { seq: ++this.#readUpTo });
        if (message !== null) this.take(message.json());
      }
    } finally {
      await connection.close();
    }
  }
}
