import {
  type Document,
  type DocumentOptions,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  Lexer,
  LineCounter,
  parseDocument,
  type ParseOptions,
  type SchemaOptions,
  visit,
  type YAMLMap,
  type YAMLParseError,
} from 'yaml';
import { z } from 'zod';
import { fieldPath, type Finding } from './finding';

/** Largest YAML file that is read, in bytes: 1 MiB, thousands of times what a shipyard or an SLO needs. */
export const YAML_SIZE_LIMIT = 1024 * 1024;

/** More than a file written by people uses; above it an alias is taken for an attempt to exhaust memory. */
const ALIAS_LIMIT = 100;

/** Deeper than any file of Keptn by a factor of ten; reading is recursive and must end before the stack does. */
const DEPTH_LIMIT = 100;

/** About 25,000 lines of `key: value`; parsing them takes a few hundred milliseconds. */
const TOKEN_LIMIT = 100_000;

const TOO_DEEP = `the file must not be nested deeper than ${DEPTH_LIMIT} levels`;
const TOO_MANY_ALIASES = `the file must not expand aliases (*name) more than ${ALIAS_LIMIT} times`;

export type YamlFile<Value> =
  /** The findings are hints. */
  | { readonly value: Value; readonly findings: readonly Finding[] }
  | { readonly value?: never; readonly findings: readonly Finding[] };

/** What is worth saying of a file that is valid. */
export interface Hint {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** How a kind of file is read. */
export interface YamlFormat<Schema extends z.ZodType> {
  readonly schema: Schema;
  /** Fields that hold text, whatever a plain scalar there would mean in YAML: a stage named `1.10` is not `1.1`. */
  readonly textFields: ReadonlySet<string>;
  readonly hints?: (value: z.infer<Schema>) => readonly Hint[];
}

interface Position {
  readonly line: number;
  readonly column: number;
}

const START: Position = { line: 1, column: 1 };

function whole(message: string, { line, column }: Position = START): Finding {
  return { line, column, field: '', message, severity: 'error' };
}

function positionAt(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** The place of a field, or of the nearest thing around it when the field itself is absent. */
function positionOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): Position {
  for (let length = path.length; length >= 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    const range = isCollection(node) || isScalar(node) || isAlias(node) ? node.range : undefined;
    if (range) return positionAt(lines, range[0]);
  }
  return START;
}

/**
 * Faults that the parser does not look for: nesting, aliases to what contains them, and duplicate keys, for which its
 * own search takes time quadratic in the size of a mapping.
 */
function structureFindings(document: Document, lines: LineCounter, dialect: Dialect): readonly Finding[] {
  const findings: Finding[] = [];
  visit(document, {
    Collection(_key, collection, path) {
      // Each level of the file is a collection and, in a mapping, the pair that holds it.
      if (path.length > DEPTH_LIMIT * 2) {
        findings.push(whole(TOO_DEEP, positionAt(lines, collection.range?.[0] ?? 0)));
        return visit.BREAK;
      }
      if (dialect.uniqueKeys && isMap(collection)) findings.push(...duplicateKeysOf(collection, lines));
      return undefined;
    },
    Alias(_key, alias, path) {
      if (path.some((parent) => isCollection(parent) && parent.anchor === alias.source)) {
        findings.push(
          whole(`*${alias.source} must not refer to what contains it`, positionAt(lines, alias.range?.[0] ?? 0)),
        );
      }
    },
  });
  return findings;
}

function duplicateKeysOf(map: YAMLMap, lines: LineCounter): readonly Finding[] {
  const findings: Finding[] = [];
  const seen = new Set<unknown>();
  for (const { key } of map.items) {
    if (!isScalar(key)) continue;
    if (seen.has(key.value)) {
      const message = `the key ${JSON.stringify(key.value)} is given twice in one mapping`;
      findings.push(whole(message, positionAt(lines, key.range?.[0] ?? 0)));
    }
    seen.add(key.value);
  }
  return findings;
}

function keepTextOf(document: Document, textFields: ReadonlySet<string>): void {
  visit(document, {
    Pair(_key, { key, value }) {
      if (!isScalar(key) || !textFields.has(String(key.value)) || !isScalar(value)) return;
      if (typeof value.value === 'number' || typeof value.value === 'boolean') value.value = value.source ?? '';
    },
  });
}

/** A schema for files of two styles: the newer one is told by its `apiVersion` or `spec`. */
export function eitherStyle<Newer extends z.ZodType, Older extends z.ZodType>(newer: Newer, older: Older) {
  return z.looseObject({}).transform((file, context): z.infer<Newer> | z.infer<Older> => {
    const result = ('apiVersion' in file || 'spec' in file ? newer : older).safeParse(file);
    if (result.success) return result.data;
    for (const { message, path } of result.error.issues) context.addIssue({ code: 'custom', message, path });
    return z.NEVER;
  });
}

/** Why a file is not worth parsing, found while its tokens are counted; a linear pass. */
function exhaustionOf(text: string): string | undefined {
  let tokens = 0;
  let flowDepth = 0;
  let aliases = 0;
  for (const token of new Lexer().lex(text)) {
    if (++tokens > TOKEN_LIMIT) return `the file must not have more than ${TOKEN_LIMIT} words, marks and line breaks`;
    if (token === '[' || token === '{') flowDepth++;
    if (token === ']' || token === '}') flowDepth--;
    if (flowDepth > DEPTH_LIMIT) return TOO_DEEP;
    if (token.startsWith('*') && ++aliases > ALIAS_LIMIT) return TOO_MANY_ALIASES;
  }
  return undefined;
}

function parse(text: string, lines: LineCounter, version: Dialect['version']): Document.Parsed {
  return parseDocument(text, {
    lineCounter: lines,
    logLevel: 'error',
    merge: true, // the `<<` key, which Keptn's own reader knows
    prettyErrors: false,
    uniqueKeys: false,
    version,
    ...(version === '1.1' && AS_GO_READS),
  });
}

/**
 * Go's yaml.v2 knows neither `10:30` as a number nor a type for dates that its users could tell from text, and keeps the digits of whole
 * numbers.
 */
const AS_GO_READS: ParseOptions & DocumentOptions & SchemaOptions = {
  intAsBigInt: true,
  customTags: (tags) =>
    tags.filter(
      (tag) => typeof tag === 'string' || (tag.format !== 'TIME' && tag.tag !== 'tag:yaml.org,2002:timestamp'),
    ),
};

/** What looks like a number and is larger than any, such as a commit `12e34567`, is text to Go. */
function keepLargeNumbersOf(document: Document): void {
  visit(document, {
    Scalar(_key, scalar) {
      const { value, source = '' } = scalar;
      if (typeof value === 'number' && !Number.isFinite(value) && /\d/.test(source)) scalar.value = source;
    },
  });
}

function messageOf({ code, message }: YAMLParseError): string {
  if (code === 'MULTIPLE_DOCS') return 'the file must hold one YAML document only';
  return code === 'RESOURCE_EXHAUSTION' || message.startsWith('Maximum call stack') ? TOO_DEEP : message;
}

function syntaxFindings(document: Document.Parsed, lines: LineCounter, dialect: Dialect): readonly Finding[] {
  const faults = document.errors
    .filter(({ code }) => dialect.documents === 'one' || code !== 'MULTIPLE_DOCS')
    .map((error) => whole(messageOf(error), positionAt(lines, error.pos[0])));
  if (faults.length > 0) return faults;
  const { explicit = false, version } = document.directives.yaml;
  if (dialect.version === '1.1' && explicit && version !== dialect.version) {
    return [whole(`the file must not ask for YAML ${version}: it is read as YAML ${dialect.version}`)];
  }
  return structureFindings(document, lines, dialect);
}

/** How a text is read as YAML. */
export interface Dialect {
  /** In 1.1 `on`, `off`, `yes` and `no` are booleans. */
  readonly version: '1.1' | '1.2';
  /** Whether a key given twice is a fault; otherwise the last one counts. */
  readonly uniqueKeys: boolean;
  /** Whether further documents are a fault, or are passed over. */
  readonly documents: 'one' | 'first';
}

const STRICT: Dialect = { version: '1.2', uniqueKeys: true, documents: 'one' };

/** A file whose content is a mapping, and where its parts are. */
interface ParsedYaml {
  readonly content: unknown;
  readonly finding: (severity: Finding['severity'], hint: Hint) => Finding;
}

/** Why the parsed file has no plain content: an alias without anchor, a bomb of aliases, a `<<` of something else. */
function expansionFault(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.startsWith('Excessive alias count') ? TOO_MANY_ALIASES : message;
}

/**
 * Reads a text as YAML, within limits that no text can exhaust the reader by.
 *
 * @param text at most 1 MiB in UTF-8
 * @param textFields fields that hold text, whatever a plain scalar there would mean
 */
export function parseYaml(
  text: string,
  dialect: Dialect,
  textFields: ReadonlySet<string> = new Set(),
): ParsedYaml | { readonly findings: readonly Finding[] } {
  if (Buffer.byteLength(text, 'utf8') > YAML_SIZE_LIMIT) {
    return { findings: [whole(`the file must not be larger than ${YAML_SIZE_LIMIT} bytes`)] };
  }
  const exhaustion = exhaustionOf(text);
  if (exhaustion !== undefined) return { findings: [whole(exhaustion)] };
  const lines = new LineCounter();
  const document = parse(text, lines, dialect.version);
  const faults = syntaxFindings(document, lines, dialect);
  if (faults.length > 0) return { findings: faults };
  if (!isMap(document.contents)) return { findings: [whole('the file must hold a YAML mapping (`key: value` lines)')] };
  keepTextOf(document, textFields);
  if (dialect.version === '1.1') keepLargeNumbersOf(document);
  const finding: ParsedYaml['finding'] = (severity, { path, message }) => ({
    ...positionOf(document, lines, path),
    field: fieldPath(path),
    message,
    severity,
  });
  try {
    return { content: document.toJS({ maxAliasCount: ALIAS_LIMIT }), finding };
  } catch (error) {
    return { findings: [whole(expansionFault(error))] };
  }
}

/**
 * Reads a YAML file and checks it against a schema.
 * @param text at most 1 MiB in UTF-8
 */
export function readYamlFile<Schema extends z.ZodType>(
  text: string,
  { schema, textFields, hints = () => [] }: YamlFormat<Schema>,
): YamlFile<z.infer<Schema>> {
  const yaml = parseYaml(text, STRICT, textFields);
  if ('findings' in yaml) return yaml;
  const result = schema.safeParse(yaml.content);
  return result.success
    ? { value: result.data, findings: hints(result.data).map((hint) => yaml.finding('hint', hint)) }
    : { findings: result.error.issues.map((issue) => yaml.finding('error', issue)) };
}
