// Prisma's schema engine from npm (WebAssembly): the native one is a download that closed networks do not have.
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'
import pg from 'pg'

const root = fileURLToPath(new URL('..', import.meta.url))
export const migrationsDir = join(root, 'prisma', 'migrations')
export const schemaFile = join(root, 'prisma', 'schema.prisma')
export const noFilter = { externalTables: [], externalEnums: [] }

let loaded
async function load() {
  const require = createRequire(import.meta.url)
  const wasmFile = join(require.resolve('@prisma/schema-engine-wasm/schema_engine_bg'), '..', 'schema_engine_bg.wasm')
  const { instance } = await WebAssembly.instantiate(readFileSync(wasmFile), { './schema_engine_bg.js': bindings })
  bindings.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
}

/** Runs `work(engine)` on `databaseUrl` and gives the connections back; otherwise the engine keeps its lock for 10 s. */
export async function withEngine(databaseUrl, work) {
  loaded ??= load()
  await loaded
  const pool = new pg.Pool({ connectionString: databaseUrl })
  const factory = bindMigrationAwareSqlAdapterFactory(new PrismaPg(pool))
  const datamodels = [[schemaFile, readFileSync(schemaFile, 'utf8')]]
  const engine = await bindings.SchemaEngine.new({ datamodels }, () => {}, factory)
  try {
    return await work(engine)
  } finally {
    engine.free()
    await pool.end()
  }
}

/** The migrations on disk, in the form the engine reads. */
export function migrationList() {
  const names = readdirSync(migrationsDir, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)
    .sort()
  return {
    baseDir: migrationsDir,
    lockfile: { path: 'migration_lock.toml', content: readFileSync(join(migrationsDir, 'migration_lock.toml'), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: names.map(path => ({
      path,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok', value: readFileSync(join(migrationsDir, path, 'migration.sql'), 'utf8') },
      },
    })),
  }
}
