import { keptnContext } from '@keptn/event-models';
import { noteKeptnContext } from '@keptn/service-kit';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';

/** Names the Keptn context that a request belongs to; it becomes a trailer of the commits that the request makes. */
const KEPTN_CONTEXT_HEADER = 'x-keptn-context';

/** Has every request belong to the Keptn context that its header names; a header that names none is passed over. */
export function noteNamedContexts(app: NestFastifyApplication): void {
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRequest', ({ headers }, _reply, done) => {
    const given = keptnContext.safeParse(headers[KEPTN_CONTEXT_HEADER]);
    if (given.success) noteKeptnContext(given.data);
    done();
  });
}
