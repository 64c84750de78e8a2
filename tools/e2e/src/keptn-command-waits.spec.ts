import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunningCommand, runKeptn } from './keptn-command';

const NAMES = ['--project=sockshop', '--stage=dev', '--service=carts'];
const DONE = { type: 'sh.keptn.events.evaluation-done', id: 'an-event', data: { result: 'pass' } };
const REPORT = {
  ...{ id: 'an-event', project: 'sockshop', stage: 'dev', service: 'carts', start: '', end: '' },
  ...{ result: 'pass', message: '', score: 100, reasons: [], indicators: [] },
};

type Answer = (response: ServerResponse, url: URL) => void;

const json =
  (body: unknown, status = 200): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };

const hangUp: Answer = (response) => {
  response.destroy();
};

/** Holds a request that matches nothing as long as the event log does. */
const hold: Answer = (response, url) => {
  const [, number, unit] = /^(\d+)(ms|s)$/.exec(url.searchParams.get('wait') ?? '') ?? [];
  setTimeout(
    () => {
      json({ events: [] })(response, url);
    },
    Number(number) * (unit === 's' ? 1000 : 1),
  );
};

describe('the keptn command, waiting for a verdict', () => {
  let server: Server;
  let environment: Readonly<Record<string, string>>;
  /** What is answered to each request for the event with the result; without one, that there is none. */
  let polls: Answer[];
  /** The same for requests of the report about it; without one, the report. */
  let reports: Answer[];
  /** How many polls came in. */
  let polled: number;

  beforeEach(async () => {
    [polls, reports, polled] = [[], [], 0];
    server = createServer((request, response) => {
      const url = new URL(request.url ?? '', 'http://localhost');
      if (request.method === 'POST') {
        json({ keptnContext: 'a-context' })(response, url);
      } else if (url.pathname.endsWith('/event')) {
        polled++;
        (polls.shift() ?? json({ events: [] }))(response, url);
      } else {
        (reports.shift() ?? json(REPORT))(response, url);
      }
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    environment = { KEPTN_ENDPOINT: `http://127.0.0.1:${port}`, KEPTN_API_TOKEN: 'a-token' };
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const evaluate = (...more: string[]) => runKeptn(['evaluate', ...NAMES, '--wait', ...more], { environment });

  it.each([[['evaluate', '--wait', '--timeout=1m']], [['send', 'event', 'start-evaluation', '--wait=1m']]])(
    'gets it with %j although the server fails and hangs up in between',
    async (words) => {
      polls = [json({ message: 'not ready' }, 503), hangUp, json({ events: [DONE] })];
      const { code, stderr } = await runKeptn([...words, ...NAMES], { environment });
      expect({ code, stderr }).toEqual({
        code: 0,
        stderr: expect.stringMatching(
          /^Warning: not ready; asking again\nWarning: .* connection reset; asking again\n$/,
        ),
      });
    },
  );

  it('reads the report again when that fails', async () => {
    polls = [json({ events: [DONE] }), json({ events: [DONE] })];
    reports = [json({ message: 'not ready' }, 502)];
    expect(await evaluate('--timeout=1m')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('pass: score 100'),
    });
  });

  it('has the server hold no request longer than an answer may take', async () => {
    polls = [hold, json({ events: [DONE] })];
    expect(await evaluate('--request-timeout=2')).toMatchObject({ code: 0, stderr: '' });
  });

  it('gives a server that holds a request the time of an answer beyond it', async () => {
    polls = [hold];
    const words = ['get', 'event', DONE.type, '--wait=3s', '--request-timeout=2'];
    expect(await runKeptn(words, { environment })).toEqual({
      code: 4,
      stdout: '',
      stderr: 'Error: No event returned within 3s\n',
    });
  });

  it('asks a server that does not wait once a second at most', async () => {
    expect(await evaluate('--timeout=2s')).toMatchObject({ code: 6 });
    // At its beginning, in its middle, and perhaps once more just before its end.
    expect([1, 2, 3]).toContain(polled);
  });

  it('says at the end of its time what is the matter', async () => {
    expect(await evaluate('--timeout=1s')).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('there was no result within 1 seconds'),
    });
    polls = [json({ message: 'not ready' }, 503)];
    expect(await evaluate('--timeout=1s')).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('Error: not ready'),
    });
  });

  it('goes without one when the server refuses', async () => {
    polls = [json({ message: 'incorrect api key auth' }, 401)];
    expect(await evaluate()).toMatchObject({ code: 3 });
    expect(polled).toBe(1);
  });

  it('ends at Ctrl-C between two requests', async () => {
    polls = [json({ message: 'not ready' }, 503)];
    const command = new RunningCommand(['evaluate', ...NAMES, '--wait'], { environment });
    await command.reported('asking again');
    command.child.kill('SIGINT');
    expect(await command.outcome()).toMatchObject({ code: 130 });
  });
});
