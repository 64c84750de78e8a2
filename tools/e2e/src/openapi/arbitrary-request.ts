import fc from 'fast-check';
import { hostileText, valueOf } from './arbitrary-value';
import { type DocumentedOperation, type Parameter } from './document';

/** A request as it goes over the wire. */
export interface ArbitraryRequest {
  readonly method: string;
  /** Encoded, with its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** How requests show that they may; most do, since little is to be learned from the others. */
const TOKENS = ['right', 'missing', 'wrong'] as const;

const MEDIA_TYPES = [
  'application/json; charset=utf-8',
  'application/cloudevents+json',
  'application/cloudevents-batch+json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain',
  'nonsense',
];

/** What JSON can be answered to, and what most clients say. */
const ACCEPTS = [undefined, '*/*', 'application/json', 'text/html, */*;q=0.8'];

const OTHER_ACCEPTS = ['application/x-ndjson', 'text/event-stream', 'text/html', 'image/png', '*/*;q=0', 'nonsense'];

const ENTITY_TAGS = ['*', '"0"', 'W/"0"', '"0123456789012345678901234567890123456789"', 'nonsense', '"', ', ,'];

const BROKEN_JSON = ['', '{', '[1,]', 'nul', '{"a":1}{', '"\ud800"', '{"__proto__":{"x":1}}', '['.repeat(200)];

/** @param token the right one */
export function requestOf(operation: DocumentedOperation, token: string): fc.Arbitrary<ArbitraryRequest> {
  return fc
    .record({
      path: pathOf(operation),
      query: queryOf(operation),
      headers: headersOf(operation),
      body: bodyOf(operation),
      accept: fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(...ACCEPTS) },
        { weight: 1, arbitrary: fc.constantFrom(...OTHER_ACCEPTS) },
      ),
      authentication: fc.oneof(
        { weight: 20, arbitrary: fc.constant(TOKENS[0]) },
        { weight: 1, arbitrary: fc.constantFrom(...TOKENS) },
      ),
    })
    .map(({ path, query, headers, body, accept, authentication }) => ({
      method: operation.method,
      path: query === '' ? path : `${path}?${query}`,
      headers: {
        ...headers,
        ...(accept !== undefined && { accept }),
        ...(authentication === 'right' && { 'x-token': token }),
        ...(authentication === 'wrong' && { 'x-token': 'wrong' }),
        ...(body?.mediaType !== undefined && { 'content-type': body.mediaType }),
      },
      ...(body !== undefined && { body: body.text }),
    }));
}

const parametersIn = ({ parameters = [] }: DocumentedOperation, place: Parameter['in']): Parameter[] =>
  parameters.filter((parameter) => parameter.in === place);

const textOf = ({ document }: DocumentedOperation, { name, schema }: Parameter): fc.Arbitrary<string> =>
  valueOf({ document, name }, schema).map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));

/** Without a segment it would be the path of another operation. */
const segmentOf = (operation: DocumentedOperation, parameter: Parameter): fc.Arbitrary<string> =>
  textOf(operation, parameter).filter((text) => text !== '');

const pathOf = (operation: DocumentedOperation): fc.Arbitrary<string> => {
  const parameters = parametersIn(operation, 'path');
  return fc
    .tuple(...parameters.map((parameter) => segmentOf(operation, parameter)))
    .map((values) =>
      parameters.reduce(
        (path, { name }, index) => path.replace(`{${name}}`, () => encode(values[index] ?? '')),
        operation.path,
      ),
    );
};

const queryOf = (operation: DocumentedOperation): fc.Arbitrary<string> => {
  const parameters = parametersIn(operation, 'query');
  const isRequired = new Set(parameters.filter(({ required }) => required === true));
  const pairs = parameters.map((parameter) => {
    const pair = textOf(operation, parameter).map((value) => `${parameter.name}=${encode(value)}`);
    return fc.option(pair, { freq: isRequired.has(parameter) ? 10 : 1, nil: undefined });
  });
  const odd = hostileText().map((text) => `${encode(text)}=${encode(text)}`);
  return fc.tuple(rarely(odd), ...pairs).map((given) => given.filter((pair) => pair !== undefined).join('&'));
};

const headersOf = (operation: DocumentedOperation): fc.Arbitrary<Record<string, string>> => {
  const pairs = parametersIn(operation, 'header').map(({ name }) => {
    const values = name.startsWith('If-') ? ENTITY_TAGS : ['0', '1.0', '42', 'nonsense'];
    return fc.option(
      fc.constantFrom(...values).map((value) => [name.toLowerCase(), value] as const),
      { nil: undefined },
    );
  });
  return fc.tuple(...pairs).map((given) => Object.fromEntries(given.filter((pair) => pair !== undefined)));
};

interface Body {
  readonly mediaType?: string;
  readonly text: string;
}

const bodyOf = (operation: DocumentedOperation): fc.Arbitrary<Body | undefined> => {
  const contents = Object.entries(operation.requestBody?.content ?? {});
  if (contents.length === 0) {
    // A body where none is expected.
    return rarely(fc.constant({ mediaType: 'application/json', text: '{}' }));
  }
  const { document } = operation;
  const documented = contents.map(([mediaType, content]) =>
    valueOf({ document, name: '' }, content?.schema ?? {}).map((value) => ({ mediaType, text: JSON.stringify(value) })),
  );
  const broken = fc.constantFrom(...BROKEN_JSON).map((text) => ({ mediaType: 'application/json', text }));
  const otherType = fc
    .tuple(fc.oneof(...documented), fc.option(fc.constantFrom(...MEDIA_TYPES), { nil: undefined }))
    .map(([{ text }, mediaType]) => ({ text, ...(mediaType !== undefined && { mediaType }) }));
  return fc.oneof(
    { weight: 14, arbitrary: fc.oneof(...documented) },
    { weight: 1, arbitrary: broken },
    { weight: 1, arbitrary: otherType },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
};

const rarely = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 19, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

/** Percent-encoding of a text, also of one that is no valid Unicode. */
const encode = (text: string): string => encodeURIComponent(Buffer.from(text).toString());
