import { configDefaults, defineConfig } from 'vitest/config';
import { LongestFirst } from './tools/vitest/longest-first.mjs';
import { specsLeftOut } from './tools/vitest/test-programs.mjs';

const specs = '{apps,libs,tools}/**/*.spec.ts';

/** These have LMDB read damaged files. What its native code does to its process then must not look like a fault of other specs. */
const damagingSpecs = [
  'libs/embedded-mongodb/test/{damage,durability}.spec.ts',
  'apps/development-mongodb/test/store-command.spec.ts',
];

export default defineConfig({
  resolve: { tsconfigPaths: true },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    environment: 'node',
    // Tests start real servers, Git processes and stores on a small machine.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    // One more than CI has processors: tests often wait for a process or a disk.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'shared',
          include: [specs],
          exclude: [...configDefaults.exclude, ...damagingSpecs, ...specsLeftOut()],
          // Files share a process, so that Nest, mongoose and the rest are loaded once instead of for each of them.
          isolate: false,
          // Torn down in the reverse order.
          globalSetup: [
            'tools/vitest/left-out-specs.ts',
            'tools/vitest/mongodb.ts',
            'tools/e2e/src/shared-system.setup.ts',
          ],
        },
      },
      { extends: true, test: { name: 'isolated', include: damagingSpecs } },
    ],
  },
});
