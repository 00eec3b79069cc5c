import type { ServerResponse } from 'node:http'
import type { Writable } from 'node:stream'
import type { Meter } from './session-plans'

/** Reads what an output has taken off its socket, until it closes. */
export function meterOutput(meter: Meter, output: Writable): void {
  const socket = (output as Partial<ServerResponse>).socket
  if (socket == null) return
  const before = socket.bytesWritten
  const read = () => socket.bytesWritten - before
  meter.running.add(read)
  output.once('close', () => {
    meter.running.delete(read)
    meter.bytes += read()
  })
}

export function readMeter(meter: Meter): number {
  let bytes = meter.bytes
  for (const read of meter.running) bytes += read()
  return bytes
}

/** Bytes so far, and kbit/s since the last call. */
export function takeReading(meter: Meter, now = performance.now()): { bytes: number; bitrate: number } {
  const bytes = readMeter(meter)
  const ms = Math.max(1, now - meter.before.at)
  const bitrate = Math.max(0, ((bytes - meter.before.bytes) * 8) / ms)
  meter.before = { bytes, at: now }
  return { bytes, bitrate }
}
