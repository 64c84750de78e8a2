import { type RawData, type WebSocket } from 'ws';
import { z } from 'zod';
import { type Channels } from './channels';

/** A writer that says nothing for this long is gone; services keep their connection open while they work on an event. */
const IDLE_LIMIT_MS = 30 * 60_000;

/** Close codes of RFC 6455, section 7.4.1. */
const UNSUPPORTED_DATA = 1003;
const POLICY_VIOLATION = 1008;

const message = z.looseObject({ shkeptncontext: z.string() });

/** A service that tells on the channel of one context how its work goes. Its messages are passed on as they are. */
export function connectWriter(socket: WebSocket, keptnContext: string, channels: Channels): void {
  const idle = setTimeout(() => {
    socket.terminate();
  }, IDLE_LIMIT_MS);
  socket.once('close', () => {
    clearTimeout(idle);
  });
  socket.on('message', (data, isBinary) => {
    idle.refresh();
    const frame = isBinary ? undefined : textOf(data);
    const context = frame === undefined ? undefined : contextOf(frame);
    if (frame === undefined || context === undefined) {
      socket.close(UNSUPPORTED_DATA, 'a message must be the JSON of an event, with shkeptncontext');
    } else if (context !== keptnContext) {
      socket.close(POLICY_VIOLATION, 'the ticket is for another Keptn context');
    } else {
      channels.publish(keptnContext, frame);
    }
  });
}

/** Of the kinds of {@link RawData}, a server that sets no `binaryType` gets buffers. */
const textOf = (data: RawData): string | undefined => (Buffer.isBuffer(data) ? data.toString('utf8') : undefined);

const contextOf = (frame: string): string | undefined => {
  try {
    return message.safeParse(JSON.parse(frame)).data?.shkeptncontext;
  } catch {
    return undefined;
  }
};
