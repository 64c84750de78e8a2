import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { type CommonErrorsOptions, documentCommonErrors } from './common-errors';
import { describeOptionalExamples, documentLineStreams, groupInternalOperations } from './document-steps';
import { inOpenApi30 } from './openapi-dialect';
import { type OpenApiSource } from './operations';
import { API_VERSION, serveOriginalPaths, SWAGGER_UI_OPTIONS, SWAGGER_UI_PATH } from './swagger-ui';

export interface OpenApiDescription {
  readonly title: string;
  /** Markdown: what the service is for. What all services have in common is said by the kit. */
  readonly description: string;
  /** The groups of operations, in the order of the page; `name` is what `@ApiTags` says. */
  readonly tags: readonly { readonly name: string; readonly description: string }[];
}

const OF_EVERY_SERVICE = `
**Token:** press *Authorize* and paste the API token; other clients send it as the header \`x-token\`.

**Errors** are JSON, \`{code, message}\`, and the message says what to do. A path that does not exist is answered with 404, one
that exists with a wrong method with 405 and \`Allow\`. Every answer has an \`X-Request-Id\`, which the logs have as well.`;

/** Serves the OpenAPI document, made from the code, with a Swagger UI. */
export function serveOpenApi(
  app: NestFastifyApplication,
  description: OpenApiDescription,
  options: CommonErrorsOptions,
): void {
  let made: OpenAPIObject | undefined;
  const document: OpenApiSource = () => (made ??= describeApi(app, description, options));
  SwaggerModule.setup(SWAGGER_UI_PATH, app, document, {
    customSiteTitle: description.title,
    jsonDocumentUrl: `${SWAGGER_UI_PATH}/swagger.json`,
    yamlDocumentUrl: `${SWAGGER_UI_PATH}/swagger.yaml`,
    swaggerOptions: SWAGGER_UI_OPTIONS,
  });
  serveOriginalPaths(app, document);
}

function describeApi(
  app: NestFastifyApplication,
  { title, description, tags }: OpenApiDescription,
  options: CommonErrorsOptions,
): OpenAPIObject {
  const about = `${description}\n${OF_EVERY_SERVICE}`;
  const base = new DocumentBuilder()
    .setOpenAPIVersion('3.0.3')
    // Relative to the document, so that it holds behind the gateway and behind any path prefix.
    .addServer('..', 'The service that this document comes from')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'x-token', description: 'The Keptn API token' }, 'x-token')
    .addSecurityRequirements('x-token');
  tags.forEach((tag) => base.addTag(tag.name, tag.description));
  const scanned = SwaggerModule.createDocument(app, base.build(), {
    autoTagControllers: false,
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  const steps = [
    documentLineStreams,
    (document: OpenAPIObject) => documentCommonErrors(document, options),
    groupInternalOperations,
    describeOptionalExamples,
    inOpenApi30,
  ];
  const {
    openapi,
    servers,
    tags: groups,
    security,
    paths,
    components,
  } = steps.reduce((result, step) => step(result), scanned);
  // The Bridge takes the text after the last `version: ` of the document as Keptn's version (contract 1.3): it comes last.
  const info = { title, description: about, version: API_VERSION };
  return { openapi, servers, tags: groups, security, paths, components, info } as OpenAPIObject;
}
