import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import type { Catalogue, Lists } from './catalogue.ts'
import { hugeCatalogue } from './catalogue-huge.ts'
import { formatsCatalogue, normalCatalogue, secondCatalogue } from './catalogue-normal.ts'
import { formats, loops } from './media-recipes.ts'
import type { Scenario } from './scenarios.ts'
import { scenarios, withFault } from './scenarios.ts'
import type { TsLoop } from './ts-loop.ts'
import { loadTsLoop } from './ts-loop.ts'

export interface ProviderStats {
  requests: { total: number; byKind: Record<string, number> }
  /** Media responses being sent at this moment, all logins together. */
  openConnections: number
  connections: Record<string, { now: number; max: number; opened: number }>
  liveOpen: number
  liveOpened: number
  bytesSent: number
  /** Stretches of archives that were asked for, the last hundred; times in seconds since 1970. */
  archives: { login: string; channel: number; text: string; start: number; minutes: number; answer: string }[]
}

export interface OpenStream {
  kind: 'live' | 'vod' | 'archive' | 'hls'
  since: number
  end(): void
}

export interface Login {
  name: string
  scenario: Scenario
  catalogue: Catalogue
  /** Present when the catalogue is held in arrays and can be changed by a test. */
  lists: (Catalogue & Lists) | null
  fetches: Map<string, number>
  down: boolean
  /** Its live streams stay open, and nothing comes. */
  held: boolean
  streams: Set<OpenStream>
  /** Timers that end a session when no segment has been asked for, by channel. */
  hlsSessions: Map<number, NodeJS.Timeout>
}

export interface World {
  mediaDir: string
  startedAt: number
  stats: ProviderStats
  fault: string | null
  sockets: Set<Socket>
  tokens: Map<string, { path: string; expires: number }>
  login(name: string): Login | null
  /** Starts a login, or all of them, anew. */
  forget(name: string | null): void
  loop(theme: string): TsLoop
  lowLoop(theme: string): TsLoop | null
  /** Second of the endless stream that is on air now. */
  onAir(): number
}

export interface Exchange {
  world: World
  req: IncomingMessage
  res: ServerResponse
  path: string
  query: URLSearchParams
  /** Scheme, host and port as the client wrote them. */
  origin: string
}

/** Streams begin this far into their clock so that a sliding window has a past from the first second. */
const HEAD_START_SECONDS = 600

function createCatalogue(kind: Scenario['catalogue']): Catalogue | (Catalogue & Lists) {
  if (kind === 'huge') return hugeCatalogue()
  if (kind === 'formats') return formatsCatalogue()
  return kind === 'second' ? secondCatalogue() : normalCatalogue()
}

function createLogin(name: string, scenario: Scenario): Login {
  let catalogue: Catalogue | (Catalogue & Lists) | null = null
  const get = () => {
    catalogue ??= createCatalogue(scenario.catalogue)
    return catalogue
  }
  return {
    name,
    scenario,
    get catalogue() {
      return get()
    },
    get lists() {
      const current = get()
      return 'push' in current.channels ? (current as Catalogue & Lists) : null
    },
    fetches: new Map(),
    down: false,
    held: false,
    streams: new Set(),
    hlsSessions: new Map(),
  }
}

export function createWorld(mediaDir: string): World {
  const logins = new Map<string, Login>()
  const cache = new Map<string, TsLoop>()
  const load = (file: string): TsLoop => {
    const loop =
      cache.get(file) ?? loadTsLoop(join(mediaDir, file), formats.find(({ name }) => file === `loop-${name}.ts`)?.soundLag)
    cache.set(file, loop)
    return loop
  }
  const startedAt = Date.now()
  return {
    mediaDir,
    startedAt,
    stats: {
      requests: { total: 0, byKind: {} },
      openConnections: 0,
      connections: {},
      liveOpen: 0,
      liveOpened: 0,
      bytesSent: 0,
      archives: [],
    },
    fault: null,
    sockets: new Set(),
    tokens: new Map(),
    // "normal.7" is a login of its own with the scenario of "normal", so that tests do not disturb each other.
    login(name) {
      const known = logins.get(name)
      if (known) return known
      const scenario = scenarios[name.split('.')[0] ?? '']
      if (!scenario || name.length > 64) return null
      const login = createLogin(name, scenario)
      logins.set(name, login)
      return login
    },
    forget(name) {
      for (const [key, login] of logins) {
        if (name !== null && key !== name) continue
        for (const stream of [...login.streams]) stream.end()
        logins.delete(key)
      }
    },
    loop: theme => load(`loop-${theme}.ts`),
    lowLoop: theme => (loops.find(l => l.name === theme)?.low ? load(`low-${theme}.ts`) : null),
    onAir: () => (Date.now() - startedAt) / 1000 + HEAD_START_SECONDS,
  }
}

export const behaviour = (world: World, login: Login): Scenario => withFault(login.scenario, world.fault)
