import { readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Bytes that the kernel holds for each connection because the other side has not taken them. */
export type SendQueues = ReadonlyMap<string, number>

/** The kernel's two lists. Each takes some milliseconds to read however few connections there are, so only those needed are. */
export type QueueList = 'tcp' | 'tcp6'

// Local port, remote address and port, state (01 is an open connection), bytes to send.
const ROW = /: [0-9A-F]+:([0-9A-F]{4}) ([0-9A-F]+:[0-9A-F]{4}) 01 ([0-9A-F]{8}):/g

/** Null where the system does not tell (other than Linux). Connections with nothing waiting are left out. */
export async function readSendQueues(lists: Iterable<QueueList>): Promise<SendQueues | null> {
  const paths = [...lists].map(list => `/proc/net/${list}`)
  const texts = await Promise.all(paths.map(path => readFile(/* turbopackIgnore: true */ path, 'latin1').catch(() => null)))
  return texts.every(text => text === null) ? null : parseSendQueues(texts.join('\n'))
}

export const queueListOf = (socket: Pick<Socket, 'remoteAddress'>): QueueList =>
  socket.remoteAddress?.includes(':') ? 'tcp6' : 'tcp'

export function parseSendQueues(text: string): SendQueues {
  const queues = new Map<string, number>()
  for (const [, localPort = '', remote = '', waiting = ''] of text.matchAll(ROW)) {
    if (waiting !== '00000000') queues.set(`${localPort}>${remote}`, Number.parseInt(waiting, 16))
  }
  return queues
}

/** How the kernel names this connection; null once it is closed. */
export function queueKeyOf(socket: Pick<Socket, 'localPort' | 'remoteAddress' | 'remotePort'>): string | null {
  const { localPort, remoteAddress, remotePort } = socket
  if (localPort === undefined || remoteAddress === undefined || remotePort === undefined) return null
  const bytes = ipaddr.parse(remoteAddress.split('%')[0] ?? '').toByteArray()
  let address = ''
  // Words of four bytes, each the wrong way round: the kernel prints them as numbers of this machine.
  for (let at = 0; at < bytes.length; at += 4) for (let byte = 3; byte >= 0; byte--) address += hex(bytes[at + byte] ?? 0, 2)
  return `${hex(localPort, 4)}>${address}:${hex(remotePort, 4)}`
}

const hex = (value: number, width: number) => value.toString(16).toUpperCase().padStart(width, '0')
