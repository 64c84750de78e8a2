/** The least that a load generator needs of HTTP, so that it leaves the processor to what it measures. */
import { once } from 'node:events';
import { connect } from 'node:net';

const HEAD_END = '\r\n\r\n';

/** @typedef {{ status: number, text: string }} Answer */

/** One kept-alive connection to a server whose answers have a Content-Length; one request at a time. */
export class LeanConnection {
  /** @param {string} endpoint base URL, such as `http://localhost:8080/api` @returns {Promise<LeanConnection>} */
  static async open(endpoint) {
    const { hostname, port, pathname } = new URL(endpoint);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await once(socket, 'connect');
    return new LeanConnection(socket, `${hostname}:${port}`, pathname);
  }

  /** @param {import('node:net').Socket} socket @param {string} host @param {string} basePath */
  constructor(socket, host, basePath) {
    this.socket = socket;
    this.host = host;
    this.basePath = basePath;
    this.received = '';
    /** @type {{ resolve: (answer: Answer) => void, reject: (reason: Error) => void } | undefined} */
    this.waiting = undefined;
    // One character for each byte, so that lengths in bytes are lengths of the text.
    socket.setEncoding('latin1');
    socket.on('data', (text) => this.receive(String(text)));
    socket.on('close', () => this.fail(new Error('the connection was closed before the answer came')));
    socket.on('error', (error) => this.fail(error));
  }

  /** @param {string} path @param {Readonly<Record<string, string>>} headers @param {string} body @returns {Promise<Answer>} */
  post(path, headers, body) {
    const lines = Object.entries({ host: this.host, ...headers, 'content-length': String(Buffer.byteLength(body)) });
    const head = lines.map(([name, value]) => `${name}: ${value}`).join('\r\n');
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      if (this.socket.destroyed) this.fail(new Error('the connection is closed'));
      else this.socket.write(`POST ${this.basePath}${path} HTTP/1.1\r\n${head}${HEAD_END}${body}`);
    });
  }

  close() {
    this.socket.destroy();
  }

  /** @param {string} more */
  receive(more) {
    this.received += more;
    const headEnd = this.received.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = this.received.slice(0, headEnd);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) {
      this.fail(new Error(`an answer has no Content-Length:\n${head}`));
      return;
    }
    const end = headEnd + HEAD_END.length + Number(length);
    if (this.received.length < end) return;
    const text = Buffer.from(this.received.slice(headEnd + HEAD_END.length, end), 'latin1').toString();
    this.received = this.received.slice(end);
    this.waiting?.resolve({ status: Number(head.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length)), text });
    this.waiting = undefined;
  }

  /** @param {Error} error */
  fail(error) {
    this.waiting?.reject(error);
    this.waiting = undefined;
  }
}
