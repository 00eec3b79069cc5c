import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from '../../scripts/embedded-postgres.mjs'
import { migrate } from '../../scripts/migrate.mjs'
import { prepareMedia } from '../fakes/provider'
import { TEST_MEDIA } from '../test-media'

declare module 'vitest' {
  interface ProvidedContext {
    /** The migrated database that every test file's own one is copied from. */
    templateUrl: string
  }
}

/** The provider's pictures, and one PostgreSQL server for the whole run, with one migrated database to copy. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Two minutes on a new machine, then none: too long for a test to draw while others already ask for it.
  await prepareMedia(TEST_MEDIA, { onProgress: text => console.log(text) })
  const dataDir = mkdtempSync(join(tmpdir(), 'wtf-integration-'))
  chmodSync(dataDir, 0o755)
  const server = await startEmbeddedPostgres({
    dataDir,
    database: 'template_wtf',
    settings: { fsync: 'off', shared_buffers: '256MB' },
  })
  await migrate(server.url)
  project.provide('templateUrl', server.url)
  return async () => {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}
