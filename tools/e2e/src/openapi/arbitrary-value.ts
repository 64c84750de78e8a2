import fc from 'fast-check';
import { type OpenApiDocument, resolveSchema, type Schema } from './document';

/** Names of things that exist while the requests are made, and of some that never do, by parameter or field. */
const KNOWN_VALUES: Readonly<Record<string, readonly unknown[]>> = {
  ...sameFor(['project', 'projectName'], ['sockshop', 'sockshop', 'scrap', 'nothing']),
  name: ['scrap', 'sockshop'],
  ...sameFor(['stage', 'stageName'], ['dev', 'dev', 'production', 'nothing']),
  ...sameFor(['service', 'serviceName'], ['carts', 'carts', 'scrap', 'nothing']),
  ...sameFor(
    ['path', 'resourceURI'],
    ['slo.yaml', 'slo.yaml', 'shipyard.yaml', 'helm/carts.tgz', 'carts/metadata.yaml'],
  ),
  // Nothing is reached over the network, and nothing is waited for.
  ...sameFor(['gitRemoteURI', 'gitRemoteURL'], ['', 'http://127.0.0.1:1/r.git', 'ext::sh -c id', 'file:///etc']),
  wait: ['0s', '10ms', '61s', 'soon', '-1s'],
};

/** Texts that parsers, file systems and databases are known to stumble over. */
const HOSTILE_TEXTS = [
  '',
  ' ',
  '.',
  '..',
  '../../etc/passwd',
  '.git/config',
  '-f',
  'HEAD~1',
  'a\0b',
  '\u202e\ufeff',
  '\ud800',
  '%00',
  '%2e%2e%2f',
  '$where',
  '{"$gt":""}',
  '__proto__',
  'constructor',
  'true',
  '-1',
  '9007199254740993',
  '1e400',
  'x'.repeat(1_100),
];

const ANYTHING: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -1, 1e300, '', [], {}, [null], { a: { b: [1] } }, ['x']),
  fc.jsonValue({ maxDepth: 3 }),
);

export const hostileText = (): fc.Arbitrary<string> =>
  fc.oneof(fc.constantFrom(...HOSTILE_TEXTS), fc.string({ unit: 'binary', maxLength: 40 }));

/** The name under which a value is sent, which tells what it is likely to mean. */
export interface Named {
  readonly document: OpenApiDocument;
  readonly name: string;
}

/** Mostly values that the schema allows, with those that exist in the system before others; sometimes anything else. */
export function valueOf({ document, name }: Named, schema: Schema): fc.Arbitrary<unknown> {
  const resolved = resolveSchema(document, schema);
  const known = KNOWN_VALUES[name];
  const examples = resolved.example === undefined ? [] : [resolved.example];
  const likely = known ?? examples;
  return fc.oneof(
    ...(likely.length > 0 ? [{ weight: 12, arbitrary: fc.constantFrom(...likely) }] : []),
    { weight: known === undefined ? 6 : 1, arbitrary: allowedBy(document, name, resolved) },
    { weight: 1, arbitrary: fc.oneof(hostileText(), ANYTHING) },
  );
}

const allowedBy = (document: OpenApiDocument, name: string, schema: Schema): fc.Arbitrary<unknown> => {
  const alternatives = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (alternatives !== undefined) {
    return fc.oneof(...alternatives.map((each) => valueOf({ document, name }, each)));
  }
  if (schema.enum !== undefined) {
    return fc.constantFrom(...schema.enum);
  }
  switch (schema.type) {
    case 'string':
      return allowedText(schema);
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -5, max: schema.maximum ?? 1_000 });
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(valueOf({ document, name }, schema.items ?? {}), { maxLength: 3 });
    case 'object':
      return allowedObject(document, schema);
    default:
      return ANYTHING;
  }
};

/** One with groups inside; fast-check makes no texts for them. */
const LOOKAHEAD = /\(\?!(?:[^()]|\([^()]*\))*\)/g;

const allowedText = ({ format, pattern, minLength = 0, maxLength = 60 }: Schema): fc.Arbitrary<string> => {
  if (format === 'date-time') {
    return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  }
  if (format === 'byte') {
    return fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('base64'));
  }
  if (pattern !== undefined) {
    const whole = new RegExp(pattern);
    return fc
      .stringMatching(new RegExp(pattern.replaceAll(LOOKAHEAD, '')), { maxLength })
      .filter((text) => whole.test(text));
  }
  return fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, minLength + 60) });
};

const allowedObject = (document: OpenApiDocument, schema: Schema): fc.Arbitrary<unknown> => {
  const { properties = {}, required = [], additionalProperties } = schema;
  const own = Object.fromEntries(
    Object.entries(properties).map(([name, each]) => [name, valueOf({ document, name }, each)]),
  );
  // Sometimes without what is required.
  const record = fc.oneof(
    { weight: 8, arbitrary: fc.record(own, { requiredKeys: required.filter((name) => name in own) }) },
    { weight: 1, arbitrary: fc.record(own, { requiredKeys: [] }) },
  );
  if (additionalProperties === undefined || additionalProperties === false) {
    return record;
  }
  const more = typeof additionalProperties === 'object' ? additionalProperties : {};
  return fc
    .tuple(record, fc.dictionary(fc.string({ maxLength: 12 }), valueOf({ document, name: '' }, more), { maxKeys: 2 }))
    .map(([fixed, extra]) => ({ ...extra, ...fixed }));
};

function sameFor(names: readonly string[], values: readonly unknown[]): Record<string, readonly unknown[]> {
  return Object.fromEntries(names.map((name) => [name, values]));
}
