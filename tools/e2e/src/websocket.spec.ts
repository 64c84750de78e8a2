import { once } from 'node:events';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Answer, type LaunchedSystem, newLaunch, removeData, startSystem } from './running-system';

const shipyard = Buffer.from('stages:\n  - name: qa\n  - name: production\n  - name: canary\n').toString('base64');

interface LogEvent {
  readonly type: string;
  readonly data: { readonly message: string; readonly loglevel: string; readonly terminate: boolean };
}

interface Channel {
  readonly keptnContext: string;
  readonly token: string;
}

describe('what the CLI of 0.7.3 shows', () => {
  let system: LaunchedSystem;

  beforeAll(async () => {
    system = await startSystem(await newLaunch());
  });

  afterAll(async () => {
    await system.interrupt();
    await removeData(system.launch);
  });

  /** Connects after the answer, shows each message that is not empty, and ends with `terminate` (contract 6.2). */
  const shown = async ({ keptnContext, token }: Channel): Promise<string[]> => {
    const socket = new WebSocket(`${system.endpoint.replace('http', 'ws')}/websocket`, {
      headers: { Token: token, 'Keptn-Ws-Channel-Id': keptnContext },
    });
    const lines: string[] = [];
    await new Promise<void>((resolve, reject) => {
      socket.on('message', (frame: Buffer) => {
        const { type, data } = JSON.parse(frame.toString()) as LogEvent;
        expect(type).toBe('sh.keptn.events.log');
        if (data.message !== '') {
          lines.push(`${data.loglevel} ${data.message}`);
        }
        if (data.terminate) {
          resolve();
        }
      });
      socket.on('error', reject);
      socket.on('close', () => {
        reject(new Error('the websocket was closed before its story was told'));
      });
    });
    socket.terminate();
    return lines;
  };

  const shownOf = (answer: Answer): Promise<string[]> => {
    expect(answer.status).toBe(200);
    return shown(answer.json as Channel);
  };

  const shownOfFailure = (answer: Answer): Promise<string[]> =>
    shown({
      keptnContext: answer.headers.get('keptn-ws-channel-id') ?? '',
      token: answer.headers.get('token') ?? '',
    });

  const createProject = (name: string) => system.call('POST', '/v1/project', { name, shipyard });
  const createService = (project: string) =>
    system.call('POST', `/v1/project/${project}/service`, { serviceName: 'carts' });

  it('of creating and deleting a project and a service', async () => {
    expect(await shownOf(await createProject('shop'))).toEqual([
      'INFO Project shop created',
      'INFO Stage qa created',
      'INFO Stage production created',
      'INFO Stage canary created',
      'INFO Project successfully created',
    ]);
    expect(await shownOf(await createService('shop'))).toEqual([
      'INFO Creating new Keptn service carts in stage qa',
      'INFO Creating new Keptn service carts in stage production',
      'INFO Creating new Keptn service carts in stage canary',
    ]);
    expect(await shownOf(await system.call('DELETE', '/v1/project/shop/service/carts'))).toEqual([
      'INFO Deleting Keptn service carts from stage qa',
      'INFO Deleting Keptn service carts from stage production',
      'INFO Deleting Keptn service carts from stage canary',
    ]);
    expect(await shownOf(await system.call('DELETE', '/v1/project/shop'))).toEqual([
      'INFO Project successfully deleted',
    ]);
  });

  it('of what fails, to those who follow the headers of the answer', async () => {
    await createProject('twice');
    await createService('twice');
    const stories: [Promise<Answer>, number, string][] = [
      [createProject('twice'), 409, 'create project twice: Project already exists'],
      [createService('twice'), 409, 'create service carts in project twice: Service already exists'],
      [createService('nowhere'), 404, 'create service carts in project nowhere: Project not found'],
      [system.call('DELETE', '/v1/project/nowhere'), 404, 'delete project nowhere: Project not found'],
      [
        system.call('DELETE', '/v1/project/twice/service/none'),
        404,
        'delete service none in project twice: Service not found',
      ],
    ];
    for (const [request, status, reason] of stories) {
      const answer = await request;
      expect(answer.status).toBe(status);
      expect(await shownOfFailure(answer)).toEqual([`ERROR Failed to ${reason}`]);
    }
  });

  it('of two who create the same project at once: one success, one failure', async () => {
    const answers = await Promise.all([createProject('race'), createProject('race')]);
    const [success, failure] = answers.sort((one, other) => one.status - other.status);
    expect([success.status, failure.status]).toEqual([200, 409]);
    expect((await shownOf(success)).at(-1)).toBe('INFO Project successfully created');
    expect(await shownOfFailure(failure)).toEqual(['ERROR Failed to create project race: Project already exists']);
  });

  it('of a service that another service tells about', async () => {
    const answer = await system.call('POST', '/v1/event', {
      type: 'sh.keptn.event.configuration.change',
      source: 's',
      data: { project: 'race', stage: 'qa', service: 'carts' },
    });
    const { keptnContext, token } = answer.json as Channel;
    const worker = new WebSocket(`${system.endpoint.replace('http', 'ws')}/websocket`, { headers: { Token: token } });
    await once(worker, 'open');
    for (const [message, terminate] of [
      ['Start updating chart', false],
      ['', true],
    ]) {
      const data = { message, terminate, loglevel: 'INFO' };
      worker.send(JSON.stringify({ type: 'sh.keptn.events.log', shkeptncontext: keptnContext, data }));
    }
    expect(await shown({ keptnContext, token })).toEqual(['INFO Start updating chart']);
    worker.terminate();
  });

  it('of a creation that the event log cannot record, which is taken back', async () => {
    const { pid } = await system.processOf('mongodb-datastore');
    process.kill(pid, 'SIGKILL');
    const answer = await createProject('unrecorded');
    expect(answer.status).toBe(503);
    expect(await shownOfFailure(answer)).toEqual([
      expect.stringMatching(/^ERROR Failed to create project unrecorded: mongodb-datastore /),
    ]);
    expect((await system.call('GET', '/configuration-service/v1/project/unrecorded')).status).toBe(404);
  });
});
