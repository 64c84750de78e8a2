import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { tsconfigPaths: true },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    include: ['{apps,libs,tools}/**/*.spec.ts'],
    environment: 'node',
    globalSetup: 'tools/vitest/mongodb.ts',
    // Tests start real servers, Git processes and stores on a small machine.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
