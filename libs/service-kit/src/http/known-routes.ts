import { type FastifyAdapter } from '@nestjs/platform-fastify';
import { type FastifyRequest } from 'fastify';
import { MethodNotAllowed, NotFound } from '../errors/service-error';

/** Remembers which methods each path has, so that a wrong method is answered with 405 and `Allow` instead of 404. */
export class KnownRoutes {
  private readonly methodsByPath = new Map<string, { matches: RegExp; methods: Set<string> }>();

  /** @param adapter records every route that is registered after this call */
  constructor(adapter: FastifyAdapter) {
    adapter.getInstance().addHook('onRoute', (route) => {
      this.add(route.url, [route.method].flat());
    });
  }

  /**
   * Texts as in contract section 2.
   *
   * @throws NotFound, MethodNotAllowed
   */
  requireRoute({ is404, url, method }: FastifyRequest): void {
    if (!is404) {
      return;
    }
    const path = url.split('?', 1)[0] ?? '/';
    const methods = this.methodsFor(path);
    throw methods.length > 0 ? new MethodNotAllowed(method, methods) : new NotFound(`path ${path} was not found`);
  }

  /** Empty when no route has this path. */
  private methodsFor(path: string): string[] {
    const cleaned = path.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '');
    const routes = [...this.methodsByPath.values()].filter(({ matches }) => matches.test(cleaned));
    return [...new Set(routes.flatMap(({ methods }) => [...methods]))].filter((method) => method !== 'HEAD').sort();
  }

  private add(pattern: string, methods: string[]): void {
    const known = this.methodsByPath.get(pattern) ?? { matches: toRegExp(pattern), methods: new Set() };
    methods.forEach((method) => known.methods.add(method));
    this.methodsByPath.set(pattern, known);
  }
}

const toRegExp = (pattern: string): RegExp => {
  const source = pattern
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/:\w+/g, '[^/]+')
    .replace(/\*/g, '.*');
  return new RegExp(`^${source}$`);
};
