import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type OpenAPIObject } from '@nestjs/swagger';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { SWAGGER_UI_PATH } from './swagger-ui-path';

/** Where the original's services had a page of their API (contract 1.3). */
const DOCS = ['/docs', '/v1/docs'];

/** Serves the document at `/swagger.json` as well, and leads from the original's pages to Swagger UI (contract 1.3). */
export function serveOriginalPlaces(app: NestFastifyApplication, document: OpenAPIObject): void {
  const http = app.getHttpAdapter();
  // The server stands relative to the document, which is one level higher here.
  const atTheTop = JSON.stringify({ ...document, servers: [{ ...document.servers?.[0], url: '.' }] });
  http.get('/swagger.json', (_request: FastifyRequest, reply: FastifyReply) => {
    void reply.type('application/json').send(atTheTop);
  });
  for (const path of DOCS) {
    http.get(path, ({ url }: FastifyRequest, reply: FastifyReply) => {
      void reply.redirect(`${wayToTheTop(url)}${SWAGGER_UI_PATH}/`, 301);
    });
  }
}

/** Relative, so that it holds behind the gateway and behind any path prefix. */
const wayToTheTop = (url: string): string => {
  const [path = ''] = url.split('?', 1);
  return './'.concat('../'.repeat(path.split('/').length - 2));
};
