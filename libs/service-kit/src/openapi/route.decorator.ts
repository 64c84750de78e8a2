import { errorBody, type ErrorReason, ERRORS, type HeaderContract, type RouteContract } from '@keptn/api-models';
import { applyDecorators, HttpCode, RequestMapping, RequestMethod } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  ApiConsumes,
  ApiExtension,
  ApiHeader,
  ApiOperation,
  ApiParam,
  type ApiParamOptions,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import { z } from 'zod';
import { ALSO_AS_LINES } from './document-steps';

/**
 * Makes a method of a controller without a path the handler of a route: its method and path, the status of its usual answer,
 * and its operation in the OpenAPI document. Parameters, query and body are bound with the schemas of the same contract:
 * `@Param({ schema: contract.parameters })`, `@Query({ schema: contract.query })`, `@Body({ schema: contract.body })`.
 */
export function Route(contract: RouteContract): MethodDecorator {
  const {
    answers,
    consumes,
    description,
    headers = {},
    isDeprecated,
    isInternal,
    method,
    path,
    summary,
    tag,
  } = contract;
  const [usualStatus = '200'] = Object.keys(answers);
  return applyDecorators(
    RequestMapping({ method: RequestMethod[method], path: toNestPath(path) }),
    HttpCode(Number(usualStatus)),
    RouteConfig({ contract }),
    ApiExtension('x-keptn-scope', contract.scope),
    ...(contract.keepsToProjects === true ? [ApiExtension('x-keptn-keeps-to-projects', true)] : []),
    ApiTags(tag),
    ApiOperation({
      // The original's mark of what is not for clients (contract 4.6).
      summary: isInternal === true ? `INTERNAL: ${summary}` : summary,
      ...(description !== undefined && { description }),
      ...(isDeprecated === true && { deprecated: true }),
    }),
    ...(contract.alsoAsLines === true ? [ApiExtension(ALSO_AS_LINES, true)] : []),
    ...(isInternal === true ? [ApiExtension('x-internal', true)] : []),
    ...(consumes === undefined ? [] : [ApiConsumes(...consumes)]),
    ...wildcardParameter(contract),
    ...Object.entries(headers).map(([name, header]) =>
      ApiHeader({
        name,
        required: header.required === true,
        description: header.description,
        schema: headerSchema(header),
      }),
    ),
    ...Object.entries(answers).map(([status, answer]) =>
      ApiResponse({
        status: Number(status),
        description: answer.description,
        ...(answer.body !== undefined && { standardSchema: answer.body }),
        ...(answer.mediaType !== undefined && { content: { [answer.mediaType]: { schema: { type: 'string' } } } }),
        ...(answer.headers !== undefined && { headers: answerHeaders(answer.headers) }),
      }),
    ),
    ...errorAnswers(contract.errors),
  );
}

/** `/v1/project/{project}` as `/v1/project/:project`; a parameter that may hold slashes is a wildcard. */
const toNestPath = (path: string): string => path.replace(/\{\+\w+\}$/, '*').replace(/\{(\w+)\}/g, ':$1');

/** A wildcard has no name for the framework, so that its parameter is described here. */
const wildcardParameter = ({ path, parameters }: RouteContract): MethodDecorator[] => {
  const name = /\{\+(\w+)\}$/.exec(path)?.[1];
  if (name === undefined || parameters === undefined) {
    return [];
  }
  const described = z.toJSONSchema(parameters, { target: 'openapi-3.0', io: 'input' }).properties?.[name];
  if (typeof described !== 'object') {
    return [];
  }
  const { description = '', ...schema } = described;
  return [ApiParam({ name, description, schema } as ApiParamOptions)];
};

const headerSchema = ({ pattern, example }: HeaderContract) => ({
  type: 'string',
  ...(pattern !== undefined && { pattern }),
  ...(example !== undefined && { example }),
});

const answerHeaders = (headers: Readonly<Record<string, HeaderContract>>) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, header]) => [
      name,
      { description: header.description, schema: headerSchema(header) },
    ]),
  );

/** One answer for each status, whose description names the reasons. */
const errorAnswers = (reasons: readonly ErrorReason[]): MethodDecorator[] => {
  const statuses = new Set(reasons.map((reason) => ERRORS[reason].status));
  return [...statuses].map((status) =>
    ApiResponse({
      status,
      description: reasons
        .filter((reason) => ERRORS[reason].status === status)
        .map((reason) => `\`${reason}\`: ${ERRORS[reason].meaning}`)
        .join('\n\n'),
      standardSchema: errorBody,
    }),
  );
};
