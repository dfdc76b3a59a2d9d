import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/**
 * `unit` needs nothing but Node; `db` shares one embedded Postgres, each file in a database of its own. Node runs the
 * TypeScript itself, as in the product: rewritten imports make the numeric core several times slower.
 */
const native = { experimental: { viteModuleRunner: false } }

export default defineConfig({
  test: {
    // Left to itself a machine of two cores gets one worker, and tests with a database wait for it.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    projects: [
      {
        test: {
          ...native,
          name: 'unit',
          include: ['server/**/*.test.ts', 'components/**/*.test.ts', 'tools/**/*.test.ts'],
          exclude: ['**/*.db.test.ts', '**/node_modules/**'],
          // What is pure keeps nothing: files share the modules that a worker has loaded, which halves the time.
          isolate: false,
          // What takes half a second of a free core may wait for one that is not.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          ...native,
          name: 'db',
          include: ['server/**/*.db.test.ts'],
          globalSetup: ['server/runtime/testing/global-setup.ts'],
          // What a test changes of the environment it stubs, and puts back: the files of a worker share it.
          isolate: false,
          env: { INFRASAGE_ENCRYPTION_KEY: 'ab'.repeat(32) },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
