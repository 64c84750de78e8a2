import { ChannelTickets } from '@keptn/auth';
import { type RunningService } from '@keptn/service-kit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ChannelClient } from './channel-client';
import { ControlPlaneStandIn } from './control-plane-stand-in';
import { startApiService, TOKEN } from './started-api-service';

const tickets = new ChannelTickets(TOKEN);
const SERVICE_CREATE = 'sh.keptn.internal.event.service.create';
const SERVICE_DELETE = 'sh.keptn.internal.event.service.delete';
const CHART = Buffer.from('a chart').toString('base64');

interface Line {
  readonly message: string;
  readonly terminate: boolean;
}

const frame = (shkeptncontext: string, line: Line): string =>
  JSON.stringify({ type: 'sh.keptn.events.log', shkeptncontext, data: { loglevel: 'INFO', ...line } });

describe('an execution plane that is attached (EXECUTION_PLANE)', () => {
  let controlPlane: ControlPlaneStandIn;
  let replicas: RunningService[];
  const clients: ChannelClient[] = [];

  const send = async (method: string, path: string, body?: unknown, service = replicas[0]): Promise<number> => {
    const response = await fetch(`${service?.url ?? ''}${path}`, {
      method,
      headers: { 'x-token': TOKEN, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    await response.arrayBuffer();
    return response.status;
  };
  const connect = async (
    context: string,
    service: RunningService | undefined,
    reads: boolean,
  ): Promise<ChannelClient> => {
    const channel = reads ? { 'Keptn-Ws-Channel-Id': context } : {};
    const client = await ChannelClient.connect(service?.url ?? '', { Token: tickets.issue(context), ...channel });
    clients.push(client);
    return client;
  };
  /** As helm-service does it: some lines, then the end. */
  const helmServiceEnds = async (context: string, service = replicas[0]): Promise<void> => {
    const writer = await connect(context, service, false);
    writer.send(frame(context, { message: 'helm-service was here', terminate: false }));
    controlPlane.journal.push('helm-service ends');
    writer.send(frame(context, { message: '', terminate: true }));
  };
  const linesOf = async (context: string): Promise<string[]> => {
    const reader = await connect(context, replicas[0], true);
    const messages: string[] = [];
    for (;;) {
      const { data } = JSON.parse(await reader.next()) as { data: Line };
      if (data.terminate) return messages;
      messages.push(data.message);
    }
  };

  beforeAll(async () => {
    controlPlane = await ControlPlaneStandIn.start();
    const environment = {
      CONFIGURATION_SERVICE_URL: controlPlane.url,
      MONGODB_DATASTORE_URL: controlPlane.url,
      EXECUTION_PLANE: 'true',
    };
    const other = await startApiService(environment);
    replicas = [await startApiService({ ...environment, API_SERVICE_REPLICAS: other.url }), other];
  });

  afterAll(async () => {
    await Promise.all(replicas.map((service) => service.close()));
    await controlPlane.stop();
  });

  beforeEach(() => {
    controlPlane.journal.length = 0;
    controlPlane.events.length = 0;
    controlPlane.services = [];
  });

  afterEach(() => {
    for (const { socket } of clients.splice(0)) socket.terminate();
  });

  it('ends the channel of an onboarding itself, so that its lines are read', async () => {
    expect(await send('POST', '/v1/project/p/service', { serviceName: 'carts', helmChart: CHART })).toBe(200);
    const context = await controlPlane.contextOf(SERVICE_CREATE);
    await helmServiceEnds(context);
    expect(await linesOf(context)).toEqual(['Creating new Keptn service carts in stage dev', 'helm-service was here']);
  });

  it('is not waited for where a service has no chart', async () => {
    expect(await send('POST', '/v1/project/p/service', { serviceName: 'carts' })).toBe(200);
    const context = await controlPlane.contextOf(SERVICE_CREATE);
    expect(await linesOf(context)).toEqual(['Creating new Keptn service carts in stage dev']);
  });

  it('has removed the releases of a service when its deletion is answered, whichever replica it has told so', async () => {
    for (const service of replicas) {
      controlPlane.events.length = 0;
      const deleted = send('DELETE', '/v1/project/p/service/carts').then((status) => {
        controlPlane.journal.push(`answered ${status}`);
      });
      await helmServiceEnds(await controlPlane.contextOf(SERVICE_DELETE), service);
      await deleted;
      expect(controlPlane.journal.splice(0)).toEqual([
        'DELETE /v1/project/p/service/carts',
        'helm-service ends',
        'answered 200',
      ]);
    }
  });

  it('has removed the releases of all services before their project goes', async () => {
    controlPlane.services = ['carts', 'carts-db'];
    const deleted = send('DELETE', '/v1/project/p');
    for (const name of controlPlane.services) await helmServiceEnds(await controlPlane.contextOf(SERVICE_DELETE, name));
    expect(await deleted).toBe(200);
    expect(controlPlane.journal.at(-1)).toBe('DELETE /v1/project/p');
    expect(controlPlane.journal.filter((entry) => entry === 'helm-service ends')).toHaveLength(2);
  });

  it('has a time limit, after which the channel says so and the deletion is answered', async () => {
    const impatient = await startApiService({
      CONFIGURATION_SERVICE_URL: controlPlane.url,
      MONGODB_DATASTORE_URL: controlPlane.url,
      EXECUTION_PLANE: 'true',
      EXECUTION_PLANE_TIMEOUT_MS: '50',
    });
    replicas.unshift(impatient);
    expect(await send('DELETE', '/v1/project/p/service/carts')).toBe(200);
    const context = await controlPlane.contextOf(SERVICE_DELETE);
    expect(await linesOf(context)).toEqual([
      'Deleting Keptn service carts from stage dev',
      expect.stringMatching(/^helm-service has not finished its part within 0\.05 s/),
    ]);
    replicas.shift();
    await impatient.close();
  });
});
