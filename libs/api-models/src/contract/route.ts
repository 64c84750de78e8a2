import { type z } from 'zod';
import { type RequiredScope } from '../access/scopes';
import { type ErrorReason } from '../errors/error-reasons';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** A header of a request or an answer. */
export interface HeaderContract {
  readonly description: string;
  /** What its text must match, as in JSON Schema. */
  readonly pattern?: string;
  readonly example?: string;
  readonly required?: true;
}

export interface AnswerContract {
  readonly description: string;
  /** Absent when the answer has none. */
  readonly body?: z.ZodType;
  /** Of an answer that is no JSON but a stream of text, such as `text/event-stream`. */
  readonly mediaType?: string;
  readonly headers?: Readonly<Record<string, HeaderContract>>;
}

/** All that a caller and a service must agree on for one route: its validation, its OpenAPI operation and its types. */
export interface RouteContract {
  readonly method: Method;
  /** As in OpenAPI, e.g. `/v1/project/{project}`; `{+name}` for a parameter that may hold slashes (RFC 6570). */
  readonly path: string;
  /** What the caller must be permitted: on the `{project}` of the path, or else on all projects. `x-keptn-scope` in the OpenAPI document. */
  readonly scope: RequiredScope;
  /** Has no project in its path, and shows and changes only what belongs to projects of the caller, whom its handler asks. */
  readonly keepsToProjects?: true;
  /** What it does is in the event log, who sent it apart: with the shared token, which names nobody, it has no entry in the audit log. */
  readonly isInEventLog?: true;
  /** Has no entry in the audit log, although it is no GET: it changes nothing, or is about the audit log itself. */
  readonly isUnaudited?: true;
  /** The group of the operation in the OpenAPI document. */
  readonly tag: string;
  readonly summary: string;
  /** Markdown. */
  readonly description?: string;
  /** Only for the services of the control plane; the gateway can refuse it to the outside. */
  readonly isInternal?: true;
  /** Kept for clients of Keptn 0.7; the description names what does better. */
  readonly isDeprecated?: true;
  /** The usual answer also comes as lines, one value a line, to those who accept `application/x-ndjson`. */
  readonly alsoAsLines?: true;
  /** The names in the path. */
  readonly parameters?: z.ZodObject;
  readonly query?: z.ZodType;
  /** Request headers that mean something here, beyond those of every request. */
  readonly headers?: Readonly<Record<string, HeaderContract>>;
  readonly body?: z.ZodType;
  /** Media types of the body; `application/json` when absent. */
  readonly consumes?: readonly string[];
  /** Answers that are no errors, by status; the first is the usual one. */
  readonly answers: Readonly<Record<number, AnswerContract>>;
  /** The failures of this operation beyond those that all operations have. */
  readonly errors: readonly ErrorReason[];
}

/** Checks a contract's form and keeps its exact types. */
export function route<const Contract extends RouteContract>(contract: Contract): Contract {
  return contract;
}

/** The routes of a service, by the names that people use for them. */
export type Api = Readonly<Record<string, RouteContract>>;

/** What the handler of a route gets. */
export type ParametersOf<Contract extends RouteContract> = OutputOf<Contract, 'parameters'>;
export type QueryOf<Contract extends RouteContract> = OutputOf<Contract, 'query'>;
export type BodyOf<Contract extends RouteContract> = OutputOf<Contract, 'body'>;

/** What a route answers with; undefined where an answer has no body. 304 is not among them: it says that the caller has the answer. */
export type AnswerOf<Contract> = Contract extends { readonly answers: infer Answers }
  ? OutputOf<Answers[Exclude<keyof Answers, 304>], 'body'>
  : never;

type OutputOf<Contract, Part extends string> =
  Contract extends Readonly<Record<Part, infer Schema>> ? z.output<Schema> : undefined;
