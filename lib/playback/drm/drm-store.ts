import 'server-only'
import { db } from '@/lib/platform/db'
import { rememberSecret } from '@/lib/platform/redact'
import { open, seal } from '@/lib/platform/secrets'
import { DrmInput } from './drm-config'

const placeOf = (itemId: number) => ({ table: 'drm_config', column: 'secret', row: itemId })

/** How an item is unlocked, secrets included: for the work at hand only. Null when it is not protected. */
export async function findDrm(itemId: number): Promise<DrmInput | null> {
  const row = await db().drmConfig.findUnique({ where: { itemId }, select: { secret: true } })
  if (row === null) return null
  const config = DrmInput.parse(JSON.parse(open(row.secret, placeOf(itemId))))
  const secrets = [...Object.values(config.clearKeys), ...config.servers.flatMap(({ headers }) => Object.values(headers))]
  for (const secret of secrets) rememberSecret(secret)
  return config
}

/** The key under which we encrypt a film ourselves; null when we do not. */
export async function findFilmKey(itemId: number): Promise<{ id: string; key: string } | null> {
  const config = await findDrm(itemId)
  const [pair] = config?.packaged ? Object.entries(config.clearKeys) : []
  return pair === undefined ? null : { id: pair[0], key: pair[1] }
}

export async function writeDrm(itemId: number, config: DrmInput): Promise<void> {
  const data = { secret: seal(JSON.stringify(config), placeOf(itemId)), packaged: config.packaged }
  await db().drmConfig.upsert({ where: { itemId }, create: { itemId, ...data }, update: data })
}

export async function deleteDrm(itemId: number): Promise<void> {
  await db().drmConfig.deleteMany({ where: { itemId } })
}
