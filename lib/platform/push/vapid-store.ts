import 'server-only'
import webPush from 'web-push'
import { z } from 'zod'
import { pool } from '../db'
import { isOldSeal, open, seal } from '../secrets'
import { shared } from '../shared'

/** What this server signs its messages with; browsers bind their subscriptions to the public half. */
export interface VapidKeys {
  publicKey: string
  privateKey: string
}

const KEY = 'vapid'
const place = { table: 'setting', column: 'value', row: KEY }
const Stored = z.object({ publicKey: z.string(), privateKey: z.string() })

async function read(): Promise<VapidKeys | null> {
  const { rows } = await pool().query<{ value: unknown }>('SELECT value FROM setting WHERE key = $1', [KEY])
  if (!rows[0]) return null
  const { publicKey, privateKey: sealed } = Stored.parse(rows[0].value)
  const privateKey = open(sealed, place)
  if (isOldSeal(sealed)) {
    const fresh = JSON.stringify({ publicKey, privateKey: seal(privateKey, place) })
    await pool().query(`UPDATE setting SET value = $2 WHERE key = $1 AND value->>'privateKey' = $3`, [KEY, fresh, sealed])
  }
  return { publicKey, privateKey }
}

/** Instances that start together must end with the same keys: the first row wins, everybody reads it. */
async function readOrMake(): Promise<VapidKeys> {
  const found = await read()
  if (found) return found
  const made = webPush.generateVAPIDKeys()
  const value = JSON.stringify({ publicKey: made.publicKey, privateKey: seal(made.privateKey, place) })
  await pool().query('INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING', [KEY, value])
  return (await read()) ?? made
}

const holder = () => shared<{ keys: Promise<VapidKeys> | null }>('vapid', () => ({ keys: null }))

/** The keys of this server, made on its first start. */
export function vapidKeys(): Promise<VapidKeys> {
  const held = holder()
  held.keys ??= readOrMake().catch(error => {
    held.keys = null
    throw error
  })
  return held.keys
}
