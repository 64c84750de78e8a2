import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { documentCommonErrors } from './common-errors';
import { API_VERSION } from './version';

export interface OpenApiDescription {
  readonly title: string;
  readonly description: string;
}

/** Where every service serves its Swagger UI and, below it, `swagger.yaml` and `swagger.json`. */
export const SWAGGER_UI_PATH = 'swagger-ui';

/** Makes the OpenAPI document from the code and serves it with a Swagger UI. */
export function serveOpenApi(app: NestFastifyApplication, description: OpenApiDescription): void {
  const document = describeApi(app, description);
  SwaggerModule.setup(SWAGGER_UI_PATH, app, document, {
    customSiteTitle: description.title,
    jsonDocumentUrl: `${SWAGGER_UI_PATH}/swagger.json`,
    yamlDocumentUrl: `${SWAGGER_UI_PATH}/swagger.yaml`,
    swaggerOptions: {
      deepLinking: true,
      persistAuthorization: true,
      displayRequestDuration: true,
      operationsSorter: 'alpha',
    },
  });
}

function describeApi(app: NestFastifyApplication, { title, description }: OpenApiDescription): OpenAPIObject {
  const base = new DocumentBuilder()
    .setOpenAPIVersion('3.0.3')
    .setTitle(title)
    .setDescription(description)
    .setVersion(API_VERSION)
    // Relative to the document, so that it holds behind the gateway and behind any path prefix.
    .addServer('..')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'x-token', description: 'The Keptn API token' }, 'x-token')
    .addSecurityRequirements('x-token')
    .build();
  const scanned = SwaggerModule.createDocument(app, base, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}.${method}`,
  });
  const { info, ...document } = documentCommonErrors(scanned);
  // The Bridge takes the text after the last `version: ` of the document as Keptn's version (contract 1.3): info comes last.
  return { ...document, info };
}
