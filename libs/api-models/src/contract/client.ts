import { type z } from 'zod';
import { type AnswerOf, type Api, type Method, type RouteContract } from './route';

/** A request as a client sends it, ready for any HTTP library. */
export interface ApiRequest {
  readonly method: Method;
  /** With every name encoded, and with the query. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/**
 * Sends a request of a client.
 *
 * @returns the body of a 2xx answer, undefined when it has none
 * @throws what the caller should see of any other answer, and of a failed connection
 */
export type Transport = (request: ApiRequest) => Promise<unknown>;

type OperationOf<Contract> = Contract extends RouteContract ? `${Contract['method']} ${Contract['path']}` : never;

/** The contract of an operation such as `GET /v1/project/{project}`. */
type Operations<Routes extends Api> = {
  [Name in keyof Routes as OperationOf<Routes[Name]>]: Routes[Name];
};

type Part<Contract, Name extends string> =
  Contract extends Readonly<Record<Name, infer Schema>>
    ? Partial<z.input<Schema>> extends z.input<Schema>
      ? { readonly [Key in Name]?: z.input<Schema> }
      : { readonly [Key in Name]: z.input<Schema> }
    : unknown;

/** What a caller gives for an operation. */
export type InputOf<Contract> = Part<Contract, 'parameters'> &
  Part<Contract, 'query'> &
  Part<Contract, 'body'> & {
    readonly headers?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
  };

type Arguments<Input> = Partial<Input> extends Input ? [input?: Input] : [input: Input];

/** Calls the routes of a service by what they are: `client('GET /v1/project/{project}', { parameters: { project } })`. */
export type Client<Routes extends Api> = <Operation extends keyof Operations<Routes> & string>(
  operation: Operation,
  ...input: Arguments<InputOf<Operations<Routes>[Operation]>>
) => Promise<AnswerOf<Operations<Routes>[Operation]>>;

type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

interface AnyInput {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly query?: Query;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Makes the request of an operation without sending it, for answers that are read as a stream. */
export type Requests<Routes extends Api> = <Operation extends keyof Operations<Routes> & string>(
  operation: Operation,
  ...input: Arguments<InputOf<Operations<Routes>[Operation]>>
) => ApiRequest;

/** The requests of a service's routes: `createRequests<typeof eventLogApi>()`. */
export const createRequests = <Routes extends Api>(): Requests<Routes> => requestOf;

/**
 * The client of a service's routes. It is made from their types alone, so that a program that only calls them holds no schema:
 * `createClient<typeof configurationApi>(transport)`.
 */
export function createClient<Routes extends Api>(transport: Transport): Client<Routes> {
  return ((operation: string, input?: AnyInput) => transport(requestOf(operation, input))) as Client<Routes>;
}

function requestOf(operation: string, { parameters = {}, query = {}, ...rest }: AnyInput = {}): ApiRequest {
  const [method, template = ''] = operation.split(' ');
  return { ...rest, method: method as Method, path: `${pathOf(template, parameters)}${searchOf(query)}` };
}

/** Every name is encoded, so that none can reach into another path. */
const pathOf = (template: string, parameters: Readonly<Record<string, string>>): string =>
  template.replace(/\{\+?(\w+)\}/g, (_match, name: string) => encoded(parameters[name] ?? ''));

const searchOf = (query: Query): string => {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [`${name}=${encoded(String(value))}`],
  );
  return given.length === 0 ? '' : `?${given.join('&')}`;
};

/** Names that come from events may hold halves of characters, which cannot be encoded. */
const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());
