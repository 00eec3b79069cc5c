import { backoff, MINUTE, SECOND } from '@/lib/kernel/time'
import type { News, ServerMessage, TicketView } from '@/lib/realtime/schema'

/** What the line needs of the browser; tests bring their own. */
export interface LineWorld {
  getTicket(): Promise<TicketView>
  openSocket(path: string): LineSocket
  /** Nobody looks, or there is no network: connecting waits. */
  isAway(): boolean
  random(): number
}

/** A page's WebSocket, and no more of it than this. */
export interface LineSocket {
  onopen: ((event: Event) => void) | null
  onmessage: ((event: MessageEvent) => void) | null
  onclose: ((event: CloseEvent) => void) | null
  send(text: string): void
  close(): void
}

export interface LineListener {
  news(news: News): void
  /** Anything may have changed. */
  reset(): void
}

const PING_MS = 25 * SECOND
const PONG_MS = 8 * SECOND
/** With as many connections as one may have, another try is worth little soon. */
const TOO_MANY_WAIT_MS = 2 * MINUTE
const FIRST_WAIT_MS = SECOND
const LONGEST_WAIT_MS = MINUTE
/** Of `closeCodes` in lib/realtime/schema.ts; that file brings zod along. */
const RESTART = 1012
const SIGNED_OUT = 4403
const TOO_MANY = 4429

/**
 * The line to the server's news: one socket, kept open while somebody listens. After a dropped line it goes on where it was;
 * waits between tries grow and differ, so that thousands do not come back at the same moment.
 */
export class RealtimeLine {
  readonly #world: LineWorld
  readonly #listener: LineListener
  #socket: LineSocket | null = null
  #cursor: string | null = null
  #isOpening = false
  #isOn = false
  #isLive = false
  #tries = 0
  #retryTimer: ReturnType<typeof setTimeout> | undefined
  #pingTimer: ReturnType<typeof setTimeout> | undefined

  constructor(world: LineWorld, listener: LineListener) {
    this.#world = world
    this.#listener = listener
  }

  /** News come as they happen; while not, screens ask on their own. */
  get isLive(): boolean {
    return this.#isLive
  }

  start(): void {
    this.#isOn = true
    void this.#open()
  }

  stop(): void {
    this.#isOn = false
    clearTimeout(this.#retryTimer)
    this.#drop()
  }

  /** Somebody looks again, or the network is there again: no more waiting. */
  wake(): void {
    if (!this.#isOn || this.#socket !== null) return
    clearTimeout(this.#retryTimer)
    this.#tries = 0
    void this.#open()
  }

  async #open(): Promise<void> {
    if (this.#socket !== null || this.#isOpening || !this.#isOn || this.#world.isAway()) return
    this.#isOpening = true
    try {
      const { ticket, path } = await this.#world.getTicket()
      if (this.#isOn) this.#connect(path, ticket)
    } catch {
      this.#retry(this.#nextWait())
    } finally {
      this.#isOpening = false
    }
  }

  #connect(path: string, ticket: string): void {
    const socket = this.#world.openSocket(path)
    this.#socket = socket
    this.#expect(PONG_MS)
    const since = this.#cursor === null ? {} : { since: this.#cursor }
    socket.onopen = () => socket.send(JSON.stringify({ type: 'hello', ticket, ...since }))
    socket.onmessage = ({ data }) => {
      if (this.#socket === socket) this.#hear(JSON.parse(String(data)) as ServerMessage)
    }
    socket.onclose = ({ code }) => {
      if (this.#socket !== socket) return
      this.#drop()
      this.#afterClose(code)
    }
  }

  #hear(message: ServerMessage): void {
    this.#rest()
    if (message.type === 'error') return
    if (message.type === 'news') {
      const { id, type: _, ...news } = message
      this.#cursor = id
      this.#listener.news(news as News)
      return
    }
    const isMissing = message.type === 'reset' || (message.type === 'welcome' && !message.resumed && this.#cursor !== null)
    if (message.cursor !== null) this.#cursor = message.cursor
    if (message.type === 'welcome') {
      this.#tries = 0
      this.#isLive = true
    }
    if (isMissing) this.#listener.reset()
  }

  /** The line is fine until the next sign of life is due. */
  #rest(): void {
    clearTimeout(this.#pingTimer)
    this.#pingTimer = setTimeout(() => {
      this.#socket?.send('{"type":"ping"}')
      this.#expect(PONG_MS)
    }, PING_MS)
  }

  #expect(ms: number): void {
    clearTimeout(this.#pingTimer)
    this.#pingTimer = setTimeout(() => {
      this.#drop()
      this.#retry(this.#nextWait())
    }, ms)
  }

  #drop(): void {
    clearTimeout(this.#pingTimer)
    const socket = this.#socket
    this.#socket = null
    if (socket) {
      socket.onopen = null
      socket.onmessage = null
      socket.onclose = null
      socket.close()
    }
    this.#isLive = false
  }

  #afterClose(code: number): void {
    if (code === SIGNED_OUT) {
      this.#isOn = false
      // The screen finds out for itself that nobody is signed in any more.
      this.#listener.reset()
    } else if (code === TOO_MANY) this.#retry(TOO_MANY_WAIT_MS * (1 + this.#world.random()))
    else if (code === RESTART) this.#retry(FIRST_WAIT_MS / 2 + 4 * SECOND * this.#world.random())
    else this.#retry(this.#nextWait())
  }

  #nextWait(): number {
    const wait = backoff(this.#tries, FIRST_WAIT_MS, LONGEST_WAIT_MS, () => this.#world.random())
    this.#tries += 1
    return FIRST_WAIT_MS / 2 + wait
  }

  #retry(ms: number): void {
    clearTimeout(this.#retryTimer)
    if (this.#isOn) this.#retryTimer = setTimeout(() => void this.#open(), ms)
  }
}
