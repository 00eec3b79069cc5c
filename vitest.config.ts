import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('.', import.meta.url))

export default defineConfig({
  resolve: {
    alias: { '@': root.replace(/\/$/, ''), 'server-only': `${root}tests/empty-module.ts` },
  },
  test: {
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['lib/**/*.test.ts', 'components/**/*.test.ts', 'tests/house/**/*.test.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          globalSetup: ['tests/integration/global-setup.ts'],
          include: ['tests/integration/**/*.test.ts', 'tests/fakes/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
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
