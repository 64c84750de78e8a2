import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

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
        urls: [
          { name: 'api-service', url: './swagger.yaml' },
          { name: 'configuration-service', url: '../configuration-service/swagger-ui/swagger.yaml' },
          { name: 'mongodb-datastore', url: '../mongodb-datastore/swagger-ui/swagger.yaml' },
        ],
        deepLinking: true,
        persistAuthorization: true,
        displayRequestDuration: true,
      },
    },
  );
}
