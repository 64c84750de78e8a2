/** This gateway and nginx as the original configured it, each with an upstream of its own, as processes. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const TOKEN = 'the-token-of-the-benchmark';

/** @param {object} part */
const encoded = (part) => Buffer.from(JSON.stringify(part)).toString('base64url');

/** As api-service signs it; the gateway takes its word. @param {'shared' | object} caller */
const identityOf = (caller) =>
  `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded({ exp: 4_102_444_800, caller })}.${'s'.repeat(43)}`;

const GRANTS = [{ scopes: ['system:read', 'project:read', 'event:read', 'subscription:read'], projects: ['sockshop'] }];

/** What a person shows: about as long as a provider makes it. */
const JWT = [encoded({ alg: 'RS256', kid: 'k' }), encoded({ sub: 'ada', text: 'g'.repeat(600) }), 's'.repeat(342)].join(
  '.',
);

/** The tokens of callers, and the headers in which they send them. */
export const CALLERS = {
  shared: { token: TOKEN, headers: { 'x-token': TOKEN }, identity: identityOf('shared') },
  named: {
    token: `kpt_${'n'.repeat(38)}`,
    headers: { 'x-token': `kpt_${'n'.repeat(38)}` },
    identity: identityOf({ kind: 'token', name: 'dashboard', id: 'named', grants: GRANTS }),
  },
  person: {
    token: JWT,
    headers: { authorization: `Bearer ${JWT}` },
    identity: identityOf({ kind: 'person', name: 'ada@example.com', id: 'person', grants: GRANTS }),
  },
};

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const UPSTREAM = fileURLToPath(new URL('gateway-upstream.mjs', import.meta.url));

const READY_PAUSE_MS = 50;

/** @typedef {{ url: string, pid: number, stop: (signal?: NodeJS.Signals) => Promise<void> }} Server */

/** @param {import('node:child_process').ChildProcess} child @param {string} url @returns {Server} */
const serverOf = (child, url) => ({
  url,
  pid: Number(child.pid),
  stop: async (signal = 'SIGTERM') => {
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  },
});

/** @param {string} [port] @returns {Promise<Server>} */
export async function startUpstream(port = '0') {
  const identities = Object.fromEntries(Object.values(CALLERS).map(({ token, identity }) => [token, identity]));
  const child = spawn(process.execPath, [UPSTREAM, JSON.stringify(identities), port], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  return serverOf(child, String(line).trim());
}

/** @param {string} url */
async function answers(url) {
  for (;;) {
    const status = await fetch(`${url}/nginx-health`).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return;
    await delay(READY_PAUSE_MS);
  }
}

/**
 * @param {{ port: number, upstream: string, log: string, flags?: string[], settings?: Record<string, string>, root?: string }} options
 *   root: of the workspace whose build is started; this one when absent
 * @returns {Promise<Server>}
 */
export async function startGateway({ port, upstream, log, flags = [], settings = {}, root = ROOT }) {
  const output = openSync(log, 'w');
  const child = spawn(process.execPath, [...flags, join(root, 'dist/apps/api-gateway/main.js')], {
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: String(port),
      API_SERVICE_URL: upstream,
      CONFIGURATION_SERVICE_URL: upstream,
      MONGODB_DATASTORE_URL: upstream,
      ...settings,
    },
    stdio: ['ignore', output, output],
  });
  const url = `http://127.0.0.1:${port}`;
  await answers(url);
  return serverOf(child, url);
}

/** @returns {boolean} whether nginx is there */
export const hasNginx = () => spawnSync('nginx', ['-v']).status === 0;

/**
 * As the original did: the token is asked about for every request by `auth_request`, and each request to an upstream has a
 * connection of its own. With `keepAlive` its connections to upstreams are kept, which the original did not do.
 *
 * @param {{ port: number, upstream: string, folder: string, keepAlive: boolean }} options
 * @returns {Promise<Server>}
 */
export async function startNginx({ port, upstream, folder, keepAlive }) {
  mkdirSync(folder, { recursive: true });
  const connection = keepAlive ? 'proxy_set_header Connection "";' : 'proxy_set_header Connection close;';
  const headers = `proxy_http_version 1.1; ${connection}
      proxy_set_header Host $host; proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; proxy_set_header X-Forwarded-Proto $scheme;`;
  const configuration = `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events { worker_connections 4096; }
http {
  access_log ${folder}/access.log;
  keepalive_requests 100000000;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((each) => `${each}_temp_path ${folder}/${each};`).join(' ')}
  upstream service { server ${new URL(upstream).host}; ${keepAlive ? 'keepalive 128; keepalive_requests 100000000;' : ''} }
  server {
    listen 127.0.0.1:${port};
    location /nginx-health { return 200 "OK\\n"; }
    location = /api/v1/auth {
      internal; proxy_pass http://service/v1/auth; proxy_method POST; proxy_pass_request_body off; ${headers}
    }
    location /api/configuration-service/ {
      auth_request /api/v1/auth; rewrite /api/configuration-service/(.*) /$1 break; proxy_pass http://service; ${headers}
    }
  }
}`;
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, configuration);
  const child = spawn('nginx', ['-c', file, '-e', `${folder}/error.log`], { stdio: 'inherit' });
  const url = `http://127.0.0.1:${port}`;
  await answers(url);
  return serverOf(child, url);
}
