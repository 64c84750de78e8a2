import { type FastifyAdapter } from '@nestjs/platform-fastify';

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
   * @param path the path of a request, without query
   * @returns the methods that exist for it, empty when no route has this path
   */
  methodsFor(path: string): string[] {
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
