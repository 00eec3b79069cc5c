import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { WebSocket } from 'ws'
import { Connection } from './connection'

class FakeSocket extends EventEmitter {
  readonly done: string[] = []
  bufferedAmount = 0
  ping = () => this.done.push('ping')
  pong = () => this.done.push('pong')
  send = (text: string) => this.done.push(text)
  close = (code: number) => this.done.push(`close ${code}`)
  terminate = () => this.done.push('terminate')
}

function connect() {
  const socket = new FakeSocket()
  const owner = { admit: async () => {}, leave: () => {}, cursor: () => null }
  return { socket, connection: new Connection(socket as unknown as WebSocket, '192.0.2.1', owner) }
}

const viewer = { accountId: 'a', profileId: 'p', sessionId: 's', role: 'viewer' } as const
beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('a quiet line is asked for a sign of life; one that gives none is torn down, one that does stays', () => {
  const [dead, alive] = [connect(), connect()]
  for (const { connection } of [dead, alive]) connection.welcome({ viewer, hiddenProviders: new Set() })
  for (let seconds = 0; seconds < 120; seconds += 5) {
    vi.advanceTimersByTime(5_000)
    for (const { connection } of [dead, alive]) connection.checkLife()
    if (alive.socket.done.at(-1) === 'ping') alive.socket.emit('pong', Buffer.alloc(0))
  }
  expect(dead.socket.done.slice(0, 2)).toEqual(['ping', 'terminate'])
  expect(new Set(alive.socket.done)).toEqual(new Set(['ping']))
})

test('a connection that said goodbye is torn down though the other end never answers, and sends nothing more', () => {
  const { socket, connection } = connect()
  connection.close(1012, 'restarting')
  connection.sendText('late')
  vi.advanceTimersByTime(2_000)
  expect(socket.done).toEqual(['close 1012', 'terminate'])
})

test('who is too far behind is closed instead of being sent more', () => {
  const { socket, connection } = connect()
  socket.bufferedAmount = 300_000
  connection.sendText('news')
  expect(socket.done).toEqual(['close 1013'])
})
