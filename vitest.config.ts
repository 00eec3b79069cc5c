import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('.', import.meta.url))

export default defineConfig({
  resolve: {
    alias: { '@': root.replace(/\/$/, ''), 'server-only': `${root}tests/empty-module.ts` },
  },
  test: {
    reporters: ['default', './tests/what-failed.ts'],
    projects: [
      {
        extends: true,
        // Some wait for real timers and sockets: with a worker a core they would wait one after the other.
        test: {
          name: 'unit',
          include: ['lib/**/*.test.ts', 'components/**/*.test.ts', 'scripts/**/*.test.ts', 'tests/house/**/*.test.ts'],
          maxWorkers: 4,
          // A guard against what never ends, not a judgement of speed.
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          globalSetup: ['tests/integration/global-setup.ts'],
          include: ['tests/integration/**/*.test.ts', 'tests/fakes/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // They wait more than they work: a third fills the pauses of two.
          maxWorkers: 3,
          // Servers, FFmpeg and real time share the cores: what they spoiled is tried once more, and told at the end.
          retry: 1,
        },
      },
      {
        // Needs programs that `npm test` does without: npm run test:clients.
        extends: true,
        test: {
          name: 'clients',
          globalSetup: ['tests/integration/global-setup.ts'],
          include: ['tests/clients/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // Players measure time: two files at once would be two players on one core each.
          fileParallelism: false,
        },
      },
    ],
  },
})
