'use client'

import { callApi } from '@/components/shell/api'
import type { TicketView } from '@/lib/realtime/schema'
import { type LineListener, type LineWorld, RealtimeLine } from './line'

const browser: LineWorld = {
  getTicket: () => callApi<TicketView>('POST', '/api/realtime/tickets'),
  openSocket: path => new WebSocket(new URL(path, window.location.href.replace(/^http/, 'ws'))),
  isAway: () => document.hidden || !navigator.onLine,
  random: Math.random,
}

let line: RealtimeLine | null = null

/** News come by themselves now: what asks in short intervals may do so seldom. */
export const isLive = (): boolean => line?.isLive === true

/** Opens the line of this tab. Returns the function that closes it. */
export function openLine(listener: LineListener): () => void {
  const mine = new RealtimeLine(browser, listener)
  line = mine
  const wake = () => {
    if (!browser.isAway()) mine.wake()
  }
  document.addEventListener('visibilitychange', wake)
  window.addEventListener('online', wake)
  mine.start()
  return () => {
    document.removeEventListener('visibilitychange', wake)
    window.removeEventListener('online', wake)
    mine.stop()
    if (line === mine) line = null
  }
}
