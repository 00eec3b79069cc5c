import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ServerMessage } from '@/lib/realtime/schema'
import { type LineSocket, RealtimeLine } from './line'

class FakeSocket implements LineSocket {
  onopen: LineSocket['onopen'] = null
  onmessage: LineSocket['onmessage'] = null
  onclose: LineSocket['onclose'] = null
  sent: { type: string; since?: string }[] = []
  closed = false
  send = (text: string) => this.sent.push(JSON.parse(text))
  close = () => {
    this.closed = true
  }
  open = () => this.onopen?.(new Event('open'))
  say = (message: ServerMessage) => this.onmessage?.(new MessageEvent('message', { data: JSON.stringify(message) }))
  end = (code: number) => this.onclose?.({ code } as CloseEvent)
}

function startLine() {
  const sockets: FakeSocket[] = []
  const heard: string[] = []
  const state = { away: false, tickets: 0, refuse: false }
  const line = new RealtimeLine(
    {
      getTicket: async () => {
        state.tickets += 1
        if (state.refuse) throw new Error('no network')
        return { ticket: `t${state.tickets}`, expiresIn: 30, path: '/realtime' }
      },
      openSocket: () => {
        const socket = new FakeSocket()
        sockets.push(socket)
        return socket
      },
      isAway: () => state.away,
      random: () => 1,
    },
    { news: ({ topic }) => heard.push(topic), reset: () => heard.push('reset') },
  )
  line.start()
  const last = () => sockets.at(-1) as FakeSocket
  const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms)
  const welcome = async (resumed: boolean, cursor = 'e.1') => {
    last().open()
    last().say({ type: 'welcome', cursor, resumed })
    await settle()
  }
  return { line, sockets, heard, state, last, settle, welcome }
}

const news = (id: string): ServerMessage => ({ type: 'news', id, topic: 'notification.made', data: {} })

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('it shows its ticket, is live when welcomed, and passes on what it hears', async () => {
  const { line, heard, last, settle, welcome } = startLine()
  await settle()
  expect(line.isLive).toBe(false)
  await welcome(false)
  expect([line.isLive, last().sent]).toEqual([true, [{ type: 'hello', ticket: 't1' }]])
  last().say(news('e.2'))
  expect(heard).toEqual(['notification.made'])
})

test('a dropped line comes back with the place it was at; what cannot be told any more is a reset', async () => {
  const { heard, last, settle, sockets, welcome } = startLine()
  await settle()
  await welcome(false)
  last().say(news('e.7'))
  last().end(1006)
  await settle(2_000)
  await welcome(true, 'e.7')
  expect(last().sent[0]).toEqual({ type: 'hello', ticket: 't2', since: 'e.7' })
  expect(heard).toEqual(['notification.made'])
  last().end(1012)
  await settle(5_000)
  await welcome(false, 'f.0')
  expect([sockets.length, heard.at(-1)]).toEqual([3, 'reset'])
})

test('waits between failed tries grow to a minute and begin anew when the network is back', async () => {
  const { line, state, settle } = startLine()
  state.refuse = true
  await settle()
  const at: number[] = []
  for (let seconds = 0; seconds < 300; seconds++) {
    const before = state.tickets
    await settle(1_000)
    if (state.tickets > before) at.push(seconds)
  }
  const waits = at.slice(1).map((moment, n) => moment - (at[n] ?? 0))
  const growing = waits.slice(0, 5)
  expect(growing).toEqual([...growing].sort((a, b) => a - b))
  expect(waits.at(-1)).toBeGreaterThan(50)
  const before = state.tickets
  line.wake()
  await settle()
  expect(state.tickets).toBe(before + 1)
})

test('a line that answers no ping is dead, and another is opened', async () => {
  const { line, last, settle, sockets, welcome } = startLine()
  await settle()
  await welcome(false)
  await settle(26_000)
  expect(last().sent.at(-1)).toEqual({ type: 'ping' })
  last().say({ type: 'pong', cursor: 'e.9' })
  await settle(26_000)
  expect(line.isLive).toBe(true)
  await settle(12_000)
  expect([sockets.length, sockets[0]?.closed]).toEqual([2, true])
  await welcome(true)
  expect(last().sent[0]).toMatchObject({ since: 'e.9' })
})

test('after signing out it stays away and lets the screen look', async () => {
  const { heard, last, settle, sockets, welcome } = startLine()
  await settle()
  await welcome(false)
  last().end(4403)
  await settle(600_000)
  expect([sockets.length, heard]).toEqual([1, ['reset']])
})

test('nobody connects while nobody looks', async () => {
  const { line, last, settle, sockets, state, welcome } = startLine()
  await settle()
  await welcome(false)
  state.away = true
  last().end(1006)
  await settle(600_000)
  expect(sockets.length).toBe(1)
  state.away = false
  line.wake()
  await settle()
  expect(sockets.length).toBe(2)
})

test('a stopped line closes its socket and opens no other', async () => {
  const { line, last, settle, sockets, welcome } = startLine()
  await settle()
  await welcome(false)
  line.stop()
  await settle(600_000)
  expect([last().closed, sockets.length, line.isLive]).toEqual([true, 1, false])
})
