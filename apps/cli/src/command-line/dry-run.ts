import { type Request } from '../api/http-client';
import { type Output } from '../output/output';

/** Ends a dry run where it would change something. */
export class DryRunEnd extends Error {
  constructor(
    readonly endpoint: string,
    readonly request: Request,
  ) {
    super('end of the dry run');
  }
}

/** Fields of bodies that hold secrets: their values are masked as a whole. */
const SECRET = new Set(['gitToken', 'gitPrivateKey', 'password']);
/** What a URL holds before its host. */
const USER_INFO = /(\/\/)[^/?#\s]*@/g;
const LONGEST_SHOWN = 100;

/** Shows what a dry run has not sent. */
export async function showDryRun({ endpoint, request }: DryRunEnd, output: Output): Promise<void> {
  const { method, path, body } = request;
  const sent = typeof body === 'string' ? (JSON.parse(body) as unknown) : body;
  const shown = sent === undefined ? undefined : (JSON.parse(JSON.stringify(sent, shorten)) as unknown);
  await output.show({
    value: { dryRun: true, method, url: `${endpoint}${path}`, ...(shown !== undefined && { body: shown }) },
    human: [
      `Dry run: nothing was changed. It would send ${method} ${endpoint}${path}`,
      ...(shown === undefined ? [] : [JSON.stringify(shown, null, 2)]),
    ].join('\n'),
    names: [],
  });
}

function shorten(key: string, value: unknown): unknown {
  if (key === 'secretHeaders' && typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.keys(value).map((name) => [name, '***']));
  }
  if (typeof value !== 'string') {
    return value;
  }
  if (SECRET.has(key) && value !== '') {
    return '***';
  }
  const shown = value.replaceAll(USER_INFO, '$1***@');
  return shown.length > LONGEST_SHOWN ? `${shown.slice(0, LONGEST_SHOWN)}... (${value.length} characters)` : shown;
}
