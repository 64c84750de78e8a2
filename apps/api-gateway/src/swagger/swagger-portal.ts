import { SERVICES } from '@keptn/service-catalog';
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
 * One Swagger UI for the APIs of all services, at `/api/swagger-ui/`. The documents are those of the services; their URLs are relative to
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
        urls: SERVICES.flatMap(({ name, apiPath }) =>
          apiPath === undefined ? [] : [{ name, url: documentOf(apiPath) }],
        ),
        responseInterceptor: explainMissingDocument,
      },
    },
  );
}

/** From the page to a service's document. That of `/api` lies beside the page. */
const documentOf = (apiPath: string): string =>
  apiPath === '/api' ? './swagger.yaml' : `..${apiPath.slice('/api'.length)}/swagger-ui/swagger.yaml`;

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
