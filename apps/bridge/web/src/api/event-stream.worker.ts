import { type StreamRequest } from './event-stream';
import { SharedStream } from './shared-stream';

/** The page names the stream in the worker's name, since the worker knows only its own file. */
const shared = new SharedStream(self.name);

self.addEventListener('connect', (event) => {
  const [port] = (event as MessageEvent).ports;
  if (port === undefined) return;
  port.addEventListener('message', ({ data }: MessageEvent<StreamRequest>) => {
    shared.answer(port, data);
  });
  port.start();
});
