import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { Caller } from '@keptn/api-models';
import { Identities, IDENTITY_HEADER } from '@keptn/auth';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { TokenCheck } from './token-check';

const TOKEN = 'the-right-token-of-this-test';
const identities = new Identities(TOKEN);

let apiService: Server;
let tokenCheck: TokenCheck;

beforeEach(async () => {
  apiService = createServer((_request, response) => {
    response.writeHead(200, { [IDENTITY_HEADER]: identities.sign(Caller.SHARED) }).end();
  });
  await once(apiService.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(apiService.address() as AddressInfo).port}`;
  tokenCheck = new TokenCheck({ url, cacheMs: 3_600_000, failuresPerMinute: 60 });
});

afterEach(async () => {
  vi.useRealTimers();
  await tokenCheck.close();
  apiService.closeAllConnections();
  apiService.close();
});

it('takes no token as accepted for longer than the services take the identity that it stands for', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
  await tokenCheck.require(TOKEN, '127.0.0.1');
  let admission = tokenCheck.knownAdmission(TOKEN);
  expect(admission).toBeDefined();
  for (; admission !== undefined; admission = tokenCheck.knownAdmission(TOKEN)) {
    expect(identities.verify(String(admission.identity))).toBeDefined();
    vi.advanceTimersByTime(1_000);
  }
});
