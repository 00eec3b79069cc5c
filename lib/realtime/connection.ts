import 'server-only'
import type { RawData, WebSocket } from 'ws'
import { SECOND } from '@/lib/kernel/time'
import type { Hearer } from './audience'
import { ClientMessage, closeCodes, type ServerMessage } from './schema'

/** A reader may be this far behind, in bytes. */
const MAX_BEHIND = 256 * 1024
/** Frames of any kind a second, on average over ten. */
const MAX_FRAMES = 20
const FRAMES_OVER_SECONDS = 10
const MAX_BAD_MESSAGES = 3
/** After its last word a connection is torn down, whether the other end answered or not. */
const GOODBYE_MS = SECOND
const HELLO_MS = 5 * SECOND
const ASK_AFTER_MS = 20 * SECOND
const ANSWER_MS = 5 * SECOND

export interface Owner {
  /** Welcomes the connection with its ticket, or closes it. */
  admit(connection: Connection, hello: Extract<ClientMessage, { type: 'hello' }>): Promise<void>
  leave(connection: Connection): void
  /** The place in the log that everything sent so far leads to. */
  cursor(): string | null
}

/** One WebSocket: its limits, its signs of life, and after the ticket who hears at its other end. */
export class Connection {
  readonly address: string
  /** Null until its ticket was taken. */
  hearer: Hearer | null = null
  readonly #socket: WebSocket
  readonly #owner: Owner
  readonly #helloTimer: NodeJS.Timeout
  #goodbyeTimer: NodeJS.Timeout | undefined
  #isAdmitting = false
  #isClosing = false
  #badMessages = 0
  #frames = 0
  #framesSince = performance.now()
  #heardAt = performance.now()
  #askedAt: number | null = null

  constructor(socket: WebSocket, address: string, owner: Owner) {
    this.address = address
    this.#socket = socket
    this.#owner = owner
    this.#helloTimer = setTimeout(() => this.close(closeCodes.silent, 'no ticket in time'), HELLO_MS)
    socket.on('message', (data, isBinary) => this.#hear(data, isBinary))
    socket.on('ping', data => {
      if (this.#isWelcome()) socket.pong(data)
    })
    socket.on('pong', () => this.#isWelcome())
    // What breaks the protocol is closed by ws itself with the protocol's own codes.
    socket.on('error', () => this.#end())
    socket.on('close', () => {
      clearTimeout(this.#helloTimer)
      // It would hold on to what the socket had read.
      clearTimeout(this.#goodbyeTimer)
      this.#isClosing = true
      owner.leave(this)
    })
  }

  send(message: ServerMessage): void {
    this.sendText(JSON.stringify(message))
  }

  sendText(text: string): void {
    if (this.#isClosing) return
    if (this.#socket.bufferedAmount > MAX_BEHIND) {
      this.close(closeCodes.slow, 'too slow')
      return
    }
    this.#socket.send(text)
  }

  close(code: number, reason: string): void {
    if (this.#isClosing) return
    this.#socket.close(code, reason)
    this.#end()
  }

  /** Asks for a sign of life where none was heard for a while, and ends what gives none. */
  checkLife(): void {
    const now = performance.now()
    if (this.#askedAt !== null && now - this.#askedAt >= ANSWER_MS) {
      this.#socket.terminate()
      return
    }
    if (this.#askedAt !== null || now - this.#heardAt < ASK_AFTER_MS) return
    this.#askedAt = now
    this.#socket.ping()
  }

  welcome(hearer: Hearer): void {
    clearTimeout(this.#helloTimer)
    this.hearer = hearer
  }

  get isOpen(): boolean {
    return !this.#isClosing
  }

  #end(): void {
    this.#isClosing = true
    clearTimeout(this.#helloTimer)
    this.#goodbyeTimer = setTimeout(() => this.#socket.terminate(), GOODBYE_MS)
  }

  /** Counts a frame; false when it is not to be looked at. */
  #isWelcome(): boolean {
    if (this.#isClosing) return false
    const now = performance.now()
    this.#heardAt = now
    this.#askedAt = null
    if (now - this.#framesSince > FRAMES_OVER_SECONDS * SECOND) {
      this.#framesSince = now
      this.#frames = 0
    }
    this.#frames += 1
    if (this.#frames <= MAX_FRAMES * FRAMES_OVER_SECONDS) return true
    this.close(closeCodes.misuse, 'too many messages')
    return false
  }

  #hear(data: RawData, isBinary: boolean): void {
    if (!this.#isWelcome()) return
    const message = isBinary ? null : parse(String(data))
    if (message === null) {
      this.#refuse('This is not a message we know.')
      return
    }
    if (message.type === 'ping') {
      this.send({ type: 'pong', cursor: this.hearer && this.#owner.cursor() })
      return
    }
    if (this.#isAdmitting) {
      this.#refuse('A connection is opened once.')
      return
    }
    this.#isAdmitting = true
    void this.#owner.admit(this, message)
  }

  #refuse(message: string): void {
    this.#badMessages += 1
    if (this.#badMessages >= MAX_BAD_MESSAGES) {
      this.close(closeCodes.misuse, 'messages that make no sense')
      return
    }
    this.send({ type: 'error', code: 'WS_BAD_MESSAGE', message })
  }
}

function parse(text: string): ClientMessage | null {
  try {
    return ClientMessage.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
