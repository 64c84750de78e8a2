import { configDefaults, defineConfig } from 'vitest/config';
import { specsLeftOut } from './tools/vitest/test-programs.mjs';

export default defineConfig({
  resolve: { tsconfigPaths: true },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    include: ['{apps,libs,tools}/**/*.spec.ts'],
    exclude: [...configDefaults.exclude, ...specsLeftOut()],
    environment: 'node',
    // Files share a process, so that Nest, mongoose and the rest are loaded once instead of for each of them.
    isolate: false,
    // Torn down in the reverse order.
    globalSetup: ['tools/vitest/left-out-specs.ts', 'tools/vitest/mongodb.ts', 'tools/e2e/src/shared-system.setup.ts'],
    // Tests start real servers, Git processes and stores on a small machine.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
