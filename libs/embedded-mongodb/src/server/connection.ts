import { type Socket } from 'node:net';
import { type Command, type Engine } from '../commands/command';
import { dispatch, type FailureLog } from '../commands/dispatcher';
import { MessageFrames } from './message-frames';
import { type Request, readRequest, writeReply } from './wire-message';

/** How long (ms) a closing connection waits for its client. */
const CLOSE_PATIENCE_MS = 2000;

/** One client: its requests are carried out one after the other, those of different clients side by side. */
export class Connection {
  private readonly frames = new MessageFrames();
  private working: Promise<void> | undefined;
  private isAnswering = false;
  private responses = 0;
  private isClosing = false;

  constructor(
    private readonly socket: Socket,
    private readonly id: number,
    private readonly engine: Engine,
    private readonly logFailure: FailureLog,
  ) {
    socket.on('data', (bytes) => {
      this.frames.add(bytes);
      this.work();
    });
    // A client that went away is nothing to report; 'close' follows.
    socket.on('error', () => socket.destroy());
  }

  /** Answers what is being carried out, then closes; a client that does not read its answer is given up. */
  async close(): Promise<void> {
    this.isClosing = true;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_PATIENCE_MS);
    });
    await Promise.race([this.finish(), patience]);
    clearTimeout(timer);
    this.socket.destroy();
  }

  private async finish(): Promise<void> {
    await this.working;
    if (this.socket.destroyed) return;
    await new Promise<void>((resolve) => {
      this.socket.once('close', resolve);
      this.socket.end(resolve);
    });
  }

  private work(): void {
    if (this.isAnswering) {
      // Nothing more is read from a client that sends on while its request is carried out, so that its requests cannot
      // pile up.
      this.socket.pause();
      return;
    }
    this.working = this.answerAll().catch((error: unknown) => {
      this.logFailure('a connection was closed', error);
      this.socket.destroy();
    });
  }

  private async answerAll(): Promise<void> {
    this.isAnswering = true;
    for (let message = this.frames.next(); message !== undefined; message = this.frames.next()) {
      if (this.isClosing || this.socket.destroyed) return;
      await this.answer(readRequest(message));
    }
    this.isAnswering = false;
    this.socket.resume();
  }

  private async answer(request: Request): Promise<void> {
    const [name = ''] = Object.keys(request.body);
    const { body, database, sequences } = request;
    const command: Command = { name, database, body, sequences, connectionId: this.id };
    const reply = await dispatch(this.engine, command, this.logFailure);
    if (!request.wantsReply || this.socket.destroyed) return;
    const isSent = this.socket.write(writeReply(request, reply, ++this.responses));
    if (!isSent) await this.drained();
  }

  /** Waits until a slow client has read what it was sent, or is gone. */
  private drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.socket.off('drain', done);
        this.socket.off('close', done);
        resolve();
      };
      this.socket.on('drain', done);
      this.socket.on('close', done);
    });
  }
}
