import { SWAGGER_UI_OPTIONS } from '@keptn/service-kit';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

/** A response as Swagger UI hands it to its interceptor. */
interface BrowserResponse {
  readonly url: string;
  readonly ok: boolean;
  readonly text?: string;
  statusText: string;
}

/**
 * One Swagger UI for the three APIs, at `/api/swagger-ui/`. The documents are those of the services; their URLs are relative to
 * the page, so that they hold behind any prefix.
 */
export function serveSwaggerPortal(app: NestFastifyApplication): void {
  SwaggerModule.setup(
    'api/swagger-ui',
    app,
    { ...new DocumentBuilder().build(), paths: {} },
    {
      customSiteTitle: 'Keptn API',
      explorer: true,
      raw: false,
      swaggerOptions: {
        ...SWAGGER_UI_OPTIONS,
        urls: [
          { name: 'api-service', url: './swagger.yaml' },
          { name: 'configuration-service', url: '../configuration-service/swagger-ui/swagger.yaml' },
          { name: 'mongodb-datastore', url: '../mongodb-datastore/swagger-ui/swagger.yaml' },
        ],
        responseInterceptor: explainMissingDocument,
      },
    },
  );
}

/** Runs in the browser: when a service is down, its page shows what the gateway says of it. */
function explainMissingDocument(response: BrowserResponse): BrowserResponse {
  if (!response.ok && response.url.endsWith('/swagger.yaml')) {
    try {
      const { message } = JSON.parse(response.text ?? '') as { message?: string };
      response.statusText = message ?? response.statusText;
    } catch {
      // Something in front of the gateway answered; its status has to do.
    }
  }
  return response;
}
