import 'server-only'
import { readFile, stat } from 'node:fs/promises'
import { isIP } from 'node:net'
import { type CountryResponse, Reader } from 'mmdb-lib'
import { MINUTE } from '@/lib/kernel/time'
import { env } from './env'
import { log } from './log'
import { shared } from './shared'

interface Loaded {
  reader: Reader<CountryResponse & { country_code?: string }> | null
  /** Of the file, in ms: a new file is read again. */
  changedAt: number
  lookedAt: number
}

const state = () => shared('country', () => ({ loading: null as Promise<Loaded> | null }))

/** Two capital letters, or null: no database, a private address, or one nobody knows. */
export async function findCountry(address: string): Promise<string | null> {
  const file = env().GEOIP_DATABASE
  if (file === undefined || isIP(address) === 0) return null
  const holder = state()
  holder.loading ??= load(file, 0)
  let loaded = await holder.loading
  if (performance.now() - loaded.lookedAt > 10 * MINUTE) {
    holder.loading = load(file, loaded.changedAt, loaded)
    loaded = await holder.loading
  }
  const found = loaded.reader?.get(address) ?? null
  // MaxMind nests the code; the free databases of others write it flat.
  return found?.country?.iso_code ?? found?.country_code ?? null
}

async function load(file: string, knownChange: number, known?: Loaded): Promise<Loaded> {
  const lookedAt = performance.now()
  try {
    const { mtimeMs } = await stat(file)
    if (known !== undefined && mtimeMs === knownChange) return { ...known, lookedAt }
    return { reader: new Reader(await readFile(file)), changedAt: mtimeMs, lookedAt }
  } catch (error) {
    log().error({ err: error }, 'the country database cannot be read; country rules let nobody in by country')
    return known === undefined ? { reader: null, changedAt: 0, lookedAt } : { ...known, lookedAt }
  }
}
