import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A request whose body arrives slowly, so that it is in flight for as long as the test wants. */
export class SlowRequest {
  #socket;
  #route;
  #token;
  #answer = '';

  /** @param {{ port: number, route: string, token: string }} options route: takes a JSON body */
  constructor({ port, route, token }) {
    this.#route = route;
    this.#token = token;
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.on('data', (chunk) => (this.#answer += chunk));
  }

  async begin() {
    const head = [
      `POST ${this.#route} HTTP/1.1`,
      'Host: keptn',
      `x-token: ${this.#token}`,
      'Content-Type: application/json',
    ];
    this.#socket.write(`${[...head, 'Content-Length: 2', 'Connection: close'].join('\r\n')}\r\n\r\n{`);
    await delay(300);
  }

  /** @returns {Promise<string>} the status of the answer; empty when there was none */
  async finish() {
    const closed = new Promise((resolve) => this.#socket.once('close', resolve));
    this.#socket.write('}');
    await closed;
    return /^HTTP\/1\.1 (\d+)/.exec(this.#answer)?.[1] ?? '';
  }
}
