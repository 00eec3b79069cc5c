import { expect, test } from 'vitest'
import { PacketBatch } from './packet-batch'

const PACKET = 188

function batchOf(memory: Buffer, offsets: readonly number[]): PacketBatch {
  const batch = new PacketBatch()
  for (const at of offsets) batch.add(memory.subarray(at, at + PACKET))
  return batch
}

test('what lies together is handed on as it lies, and joined only for somebody who asks', () => {
  const memory = Buffer.allocUnsafeSlow(10 * PACKET).fill('a')
  const join = batchOf(
    memory,
    Array.from({ length: 8 }, (_, n) => n * PACKET),
  ).takeLater()
  memory.fill('b')
  expect(join().equals(Buffer.alloc(8 * PACKET, 'b'))).toBe(true)
})

test('a few packets out of much memory are copied at once: they must not keep all of it', () => {
  const memory = Buffer.allocUnsafeSlow(100 * PACKET).fill('a')
  const join = batchOf(memory, [0, 40 * PACKET, 80 * PACKET]).takeLater()
  memory.fill('b')
  expect(join().equals(Buffer.alloc(3 * PACKET, 'a'))).toBe(true)
  expect(join()).toBe(join())
})

test('a batch is empty once it is taken', () => {
  const memory = Buffer.alloc(4 * PACKET)
  const batch = batchOf(memory, [0, PACKET])
  expect(batch.take().parts).toEqual([Buffer.alloc(2 * PACKET)])
  expect([batch.isEmpty, batch.takeLater()().length]).toEqual([true, 0])
})

test('a few pieces stay as they lie, many become one', () => {
  const memory = Buffer.alloc(100 * PACKET)
  expect(batchOf(memory, [0, 10 * PACKET, 20 * PACKET]).take().parts).toHaveLength(3)
  const scattered = Array.from({ length: 20 }, (_, n) => n * 5 * PACKET)
  expect(batchOf(memory, scattered).take().parts).toEqual([Buffer.alloc(20 * PACKET)])
})
