import { type FastifyAdapter } from '@nestjs/platform-fastify';

/** What a service that stops is waiting for, in words for its log. */
export class ShutdownProgress {
  waitingFor = 'work in the background';

  /** Must be called before the service listens. */
  follow(adapter: FastifyAdapter): void {
    const fastify = adapter.getInstance();
    fastify.addHook('preClose', (done) => {
      this.waitingFor = 'requests in flight';
      done();
    });
    fastify.addHook('onClose', (_instance, done) => {
      this.waitingFor = 'connections to other systems';
      done();
    });
  }
}
