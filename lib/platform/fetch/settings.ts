import { randomBytes } from 'node:crypto'
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { AppError } from '@/lib/kernel/errors'
import { shared } from '../shared'

export interface ResolvedAddress {
  address: string
  family: 4 | 6
}

/** Answers every address of a host name. Rejects when there is none. */
export type Resolver = (hostname: string) => Promise<ResolvedAddress[]>

export interface SafeFetchOptions {
  /** Our own `host` or `host:port` names. Requests to them are refused with UPSTREAM_IS_SELF. */
  ownHosts: readonly string[]
  /** Exact loopback `ip:port` pairs that may be called; for the demo provider and tests, empty everywhere else. */
  loopbackAllowed: readonly string[]
  resolver?: Resolver
  /** Names this deployment in the X-Iptv-Hop header, the same in all of its processes. Letters and digits. */
  instanceId?: string
}

export interface SafeFetchSettings {
  ownHosts: readonly string[]
  loopbackAllowed: readonly string[]
  resolver: Resolver
  instanceId: string
}

// The holder is what is shared: a later configuration must reach every bundle of this process.
const holder = () => shared<{ settings: SafeFetchSettings | null }>('safe-fetch', () => ({ settings: null }))

/** Sets the guard's configuration for this process. Throws INVALID_PARAMETER for a `loopbackAllowed` that is not loopback. */
export function configureSafeFetch(options: SafeFetchOptions): void {
  for (const entry of options.loopbackAllowed) requireLoopbackEntry(entry)
  holder().settings = {
    ownHosts: options.ownHosts.map(host => host.toLowerCase()),
    loopbackAllowed: [...options.loopbackAllowed],
    resolver: options.resolver ?? systemResolver,
    instanceId: options.instanceId ?? randomBytes(6).toString('hex'),
  }
}

/** The configuration of this process; before `configureSafeFetch` the strictest one. */
export function safeFetchSettings(): SafeFetchSettings {
  const held = holder()
  held.settings ??= {
    ownHosts: [],
    loopbackAllowed: [],
    resolver: systemResolver,
    instanceId: randomBytes(6).toString('hex'),
  }
  return held.settings
}

async function systemResolver(hostname: string): Promise<ResolvedAddress[]> {
  const answers = await lookup(hostname, { all: true, order: 'ipv4first' })
  return answers.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }))
}

function requireLoopbackEntry(entry: string): void {
  const [, host = '', port = ''] = /^(.+):(\d{1,5})$/.exec(entry) ?? []
  const isLoopback = (isIP(host) === 4 && host.startsWith('127.')) || host === '::1'
  if (!isLoopback || Number(port) < 1 || Number(port) > 65_535) {
    throw new AppError('INVALID_PARAMETER', { field: 'loopbackAllowed', message: `not a loopback ip:port: ${entry}` })
  }
}
