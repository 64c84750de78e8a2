export interface Attack {
  readonly name: string;
  /** What is sent, one byte a character. */
  readonly bytes: string;
}

const WRONG_TOKEN = 'x-token: guessed';

/** Protected places of each service, and of the gateway itself. */
const PROTECTED = [
  '/api/v1/project',
  '/api/configuration-service/v1/project',
  '/api/mongodb-datastore/event',
  '/metrics',
];

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'CONNECT', 'PROPFIND', 'QUERY'];

const encode = (text: string): string =>
  Array.from(text, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`).join('');

/** What a parser might drop, decode once more, or take for the beginning of something public. */
const DISGUISES: readonly ((path: string) => string)[] = [
  (path) => `/${path}`,
  (path) => `//${path}`,
  (path) => path.replaceAll('/', '//'),
  (path) => path.replaceAll('/', '/./'),
  (path) => path.replaceAll('/', '%2f'),
  (path) => `/${path.slice(1).replaceAll('/', '%2F')}`,
  (path) => path.replaceAll('/', '\\'),
  (path) => path.replaceAll('/', '%5c'),
  (path) => path.replaceAll('/', '%252f'),
  (path) => `/${encode(path.slice(1))}`,
  (path) => `/${encode(encode(path.slice(1)))}`,
  (path) => path.toUpperCase(),
  (path) => `${path}/`,
  (path) => `${path}/.`,
  (path) => `${path}/..;/`,
  (path) => `${path};a=b`,
  (path) => `${path}%00`,
  (path) => `${path}%20`,
  (path) => `${path}%0d%0aX-Token: a`,
  (path) => `${path}#/api/swagger-ui/`,
  (path) => `${path}?/api/swagger-ui/swagger.yaml`,
  (path) => `${path}%3f/api/swagger-ui/swagger.yaml`,
  (path) => `/health/..${path}`,
  (path) => `/health/%2e%2e${path}`,
  (path) => `/health/.%2e${path}`,
  (path) => `/health/..%2f${path.slice(1)}`,
  (path) => `/health%2f..${path}`,
  (path) => `/health%23/..${path}`,
  (path) => `/health%3f/..${path}`,
  (path) => `/api/swagger-ui/..%2f..${path}`,
  (path) => `/api/swagger-ui/../..${path}`,
  (path) => `/api/swagger-ui/%252e%252e/%252e%252e${path}`,
  (path) => `/api/swagger-ui/swagger.yaml/../../..${path}`,
  (path) => `/api/configuration-service/swagger-ui/..%2f..%2f..${path}`,
  (path) => `/api/configuration-service/swagger-ui/..\\..\\v1\\project?${path}`,
  (path) => `/api/configuration-service/swagger-ui/%c0%ae%c0%ae/..${path}`,
  (path) => `/api/configuration-service/swagger-ui/%uff0e%uff0e${path}`,
  (path) => `/api/websocket/..${path}`,
  (path) => `/api/websocket%2f..${path}`,
  (path) => `/nginx-health/..${path}`,
  (path) => `http://a${path}`,
  (path) => `http://a/health/..${path}`,
  (path) => `HTTP://user:pass@a${path}`,
  (path) => `http://${path}`,
  (path) => `http:${path}`,
  (path) => `https://a:443${path}`,
  (path) => `ws://a${path}`,
  (path) => `//a${path}`,
  (path) => `*${path}`,
  (path) => path.slice(1),
  (path) => `./${path}`,
  (path) => `${path}\t`,
  (path) => path.replace('p', 'р'),
  (path) => path.replace('a', '\xe1'),
];

const request = (line: string, headers: readonly string[] = [], body = ''): string =>
  `${[line, 'Host: a', 'Connection: close', ...headers].join('\r\n')}\r\n\r\n${body}`;

const pathAttacks = (): Attack[] =>
  PROTECTED.flatMap((path) =>
    DISGUISES.map((disguise) => ({
      name: `the path ${JSON.stringify(disguise(path)).slice(0, 100)}`,
      bytes: request(`GET ${disguise(path)} HTTP/1.1`, [WRONG_TOKEN]),
    })),
  );

const methodAttacks = (): Attack[] =>
  METHODS.flatMap((method) => [
    { name: `the method ${method}`, bytes: request(`${method} ${PROTECTED[1] ?? ''} HTTP/1.1`) },
    {
      name: `GET with the method overridden by ${method}`,
      bytes: request(`GET ${PROTECTED[1] ?? ''} HTTP/1.1`, [
        `X-HTTP-Method-Override: ${method}`,
        `X-Method: ${method}`,
      ]),
    },
  ]);

const HEADERS: readonly (readonly [name: string, headers: readonly string[]])[] = [
  ['no token', []],
  ['an empty token', ['x-token:']],
  ['a blank token', ['x-token:    ']],
  ['two tokens', ['x-token: a', 'x-token: b']],
  ['a token in another header', ['Authorization: Bearer a', 'Token: a', 'X_Token: a', 'Cookie: x-token=a']],
  ['a token folded over two lines', ['x-token: a', ' b']],
  ['a token folded by a tab', ['x-token:', '\ta']],
  ['a blank before the colon', ['x-token : a']],
  ['a bare carriage return', ['x-token: a\rb: c']],
  ['a bare line feed', ['a: b\nx-token: a']],
  ['a header without a colon', ['x-token']],
  ['a header without a name', [': a']],
  ['a zero byte', ['x-token: a\x00b']],
  ['bytes over 127', ['x-token: \xff\xfe\xfd']],
  ['a token of 9,000 bytes', [`x-token: ${'a'.repeat(9_000)}`]],
  ['a header of 100,000 bytes', [`a: ${'a'.repeat(100_000)}`]],
  ['5,000 headers', Array.from({ length: 5_000 }, (_none, index) => `a${index}: b`)],
  ['150 headers', Array.from({ length: 150 }, (_none, index) => `a${index}: b`)],
  ['another path by header', ['X-Original-URL: /health', 'X-Rewrite-URL: /health', 'X-Forwarded-Uri: /health']],
  ['a forged address', ['X-Forwarded-For: 127.0.0.1', 'X-Real-IP: 127.0.0.1', 'Forwarded: for=127.0.0.1']],
  ['the token taken out as of this hop', [WRONG_TOKEN, 'Connection: x-token']],
  ['everything of this hop', ['Connection: close, x-token, host, content-length, x-forwarded-for']],
  [
    'a websocket',
    ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: YQ=='],
  ],
  ['HTTP/2', ['Upgrade: h2c', 'Connection: Upgrade, HTTP2-Settings', 'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA']],
  ['Expect', ['Expect: 100-continue', 'Content-Length: 5']],
  ['another Expect', ['Expect: x']],
  ['a second Host', ['Host: b']],
  ['a preflight', ['Origin: http://evil.example', 'Access-Control-Request-Method: GET']],
];

const headerAttacks = (): Attack[] =>
  PROTECTED.slice(0, 3).flatMap((path) =>
    HEADERS.map(([name, headers]) => ({ name: `${name}, ${path}`, bytes: request(`GET ${path} HTTP/1.1`, headers) })),
  );

const INNER = 'GET /api/v1/project HTTP/1.1\r\nHost: a\r\n\r\n';

/** Ways to say where a body ends that two parsers may read differently. The first request is one that anybody may send. */
const FRAMINGS: readonly (readonly [name: string, headers: readonly string[], body: string])[] = [
  ['length and chunks', [`Content-Length: ${INNER.length + 5}`, 'Transfer-Encoding: chunked'], `0\r\n\r\n${INNER}`],
  ['chunks and length', ['Transfer-Encoding: chunked', 'Content-Length: 4'], `0\r\n\r\n${INNER}`],
  ['two lengths', ['Content-Length: 0', `Content-Length: ${INNER.length}`], INNER],
  ['two lengths in one', [`Content-Length: 0, ${INNER.length}`], INNER],
  ['a negative length', ['Content-Length: -1'], INNER],
  ['a length with a plus', ['Content-Length: +5'], INNER],
  ['a hexadecimal length', ['Content-Length: 0x5'], INNER],
  ['a length over all numbers', ['Content-Length: 99999999999999999999999'], INNER],
  ['an empty length', ['Content-Length:'], INNER],
  ['a length of 0', ['Content-Length: 0'], INNER],
  ['chunks by tab', ['Transfer-Encoding:\tchunked'], `0\r\n\r\n${INNER}`],
  ['chunks with a blank name', ['Transfer-Encoding : chunked'], `0\r\n\r\n${INNER}`],
  ['chunks in capitals', ['TRANSFER-ENCODING: CHUNKED'], `0\r\n\r\n${INNER}`],
  ['almost chunks', ['Transfer-Encoding: xchunked'], `0\r\n\r\n${INNER}`],
  ['chunks twice', ['Transfer-Encoding: chunked, chunked'], `0\r\n\r\n${INNER}`],
  ['chunks and identity', ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'], `0\r\n\r\n${INNER}`],
  ['folded chunks', ['Transfer-Encoding:', ' chunked'], `0\r\n\r\n${INNER}`],
  ['a negative chunk', ['Transfer-Encoding: chunked'], `-1\r\n${INNER}`],
  ['a huge chunk', ['Transfer-Encoding: chunked'], `ffffffffffffffffff\r\n${INNER}`],
  ['a chunk with an extension', ['Transfer-Encoding: chunked'], `0;a=b\r\n\r\n${INNER}`],
  ['a chunk with a long extension', ['Transfer-Encoding: chunked'], `0;${'a'.repeat(50_000)}\r\n\r\n${INNER}`],
  ['a chunk ended by line feeds', ['Transfer-Encoding: chunked'], `0\n\n${INNER}`],
  ['trailers', ['Transfer-Encoding: chunked'], `0\r\nX-Token: a\r\n\r\n${INNER}`],
];

const framingAttacks = (): Attack[] =>
  ['POST /health HTTP/1.1', 'GET /api/swagger-ui/swagger.yaml HTTP/1.1'].flatMap((line) =>
    FRAMINGS.map(([name, headers, body]) => ({
      name: `${name}, ${line}`,
      bytes: `${[line, 'Host: a', ...headers].join('\r\n')}\r\n\r\n${body}`,
    })),
  );

const LINES: readonly string[] = [
  'GET /api/v1/project',
  'GET /api/v1/project HTTP/0.9',
  'GET /api/v1/project HTTP/1.0',
  'GET /api/v1/project HTTP/2.0',
  'GET /api/v1/project HTTP/9.9',
  'GET  /api/v1/project  HTTP/1.1',
  'GET\t/api/v1/project\tHTTP/1.1',
  ' GET /api/v1/project HTTP/1.1',
  '\r\n\r\nGET /api/v1/project HTTP/1.1',
  'get /api/v1/project HTTP/1.1',
  'GET /api/v1/project HTTP/1.1 HTTP/1.1',
  'GET /api/v1/project\x00 HTTP/1.1',
  `GET /api/v1/${'a'.repeat(12_000)} HTTP/1.1`,
  `GET /api/v1/${'a'.repeat(200_000)} HTTP/1.1`,
  'PRI * HTTP/2.0',
  'OPTIONS * HTTP/1.1',
  'CONNECT api-service:8080 HTTP/1.1',
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  '\x05\x01\x00',
  '{}',
];

const lineAttacks = (): Attack[] =>
  LINES.map((line) => ({ name: `the line ${JSON.stringify(line).slice(0, 60)}`, bytes: request(line) }));

/** Requests over a bare connection that try to get at what needs the token, without it. */
export const spellingsOfAttacks = (): readonly Attack[] => [
  ...pathAttacks(),
  ...methodAttacks(),
  ...headerAttacks(),
  ...framingAttacks(),
  ...lineAttacks(),
];
