import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type OpenApiSource } from './operations';

/** The Keptn release whose API this control plane keeps; clients compare it with their own version. */
export const API_VERSION = '0.7.3';

/** Where every service serves its Swagger UI and, below it, `swagger.yaml` and `swagger.json`. */
export const SWAGGER_UI_PATH = 'swagger-ui';

/** How Swagger UI behaves on every page, see https://swagger.io/docs/open-source-tools/swagger-ui/usage/configuration/. */
export const SWAGGER_UI_OPTIONS = {
  deepLinking: true,
  persistAuthorization: true,
  displayRequestDuration: true,
  // Operations stand in the order of the document; the schemas at the end are folded up.
  defaultModelsExpandDepth: 0,
  filter: true,
} as const;

/** Where the original's services had a page of their API (contract 1.3). */
const ORIGINAL_PAGES = ['/docs', '/v1/docs'];

/** Serves the document at `/swagger.json` as well, and leads from the original's pages to Swagger UI (contract 1.3). */
export function serveOriginalPaths(app: NestFastifyApplication, documentOf: OpenApiSource): void {
  const http = app.getHttpAdapter();
  http.get('/swagger.json', (_request: FastifyRequest, reply: FastifyReply) => {
    const document = documentOf();
    // The server stands relative to the document, which is one level higher here.
    const atTheTop = { ...document, servers: [{ ...document.servers?.[0], url: '.' }] };
    void reply.type('application/json').send(JSON.stringify(atTheTop));
  });
  for (const path of ORIGINAL_PAGES) {
    http.get(path, ({ url }: FastifyRequest, reply: FastifyReply) => {
      void reply.redirect(`${pathToTheTop(url)}${SWAGGER_UI_PATH}/`, 301);
    });
  }
}

/** Relative, so that it holds behind the gateway and behind any path prefix. */
const pathToTheTop = (url: string): string => {
  const [path = ''] = url.split('?', 1);
  return './'.concat('../'.repeat(path.split('/').length - 2));
};
