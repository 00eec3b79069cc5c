import { expect, test } from 'vitest'
import { CopyQueue } from './copy-queue'

function fill(queue: CopyQueue, rows: number, line = 'a\tb\n'): number {
  let full = 0
  for (let n = 0; n < rows; n++) if (queue.add(line)) full += 1
  return full
}

test('no line is lost or doubled, wherever it is taken', () => {
  const queue = new CopyQueue()
  const seen: string[] = []
  for (let n = 0; n < 1_000; n++) {
    queue.add(`${n}\n`)
    if (n % 333 === 0) seen.push(Buffer.concat(queue.take().pieces).toString())
  }
  const last = queue.take()
  seen.push(Buffer.concat(last.pieces).toString())
  expect(last.rows).toBe(0)
  expect(seen.join('').trimEnd().split('\n').map(Number)).toEqual(Array.from({ length: 1_000 }, (_, n) => n))
})

test('a COPY begins early when none runs; while one runs, rows and bytes may wait up to a bound', () => {
  const queue = new CopyQueue()
  expect(fill(queue, 1_350)).toBe(9)
  expect(queue.isDue(false)).toBe(false)
  fill(queue, 150)
  expect([queue.isDue(false), queue.isDue(true)]).toEqual([true, false])
  fill(queue, 10_500)
  expect(queue.isDue(true)).toBe(true)
  expect(queue.take().rows).toBe(12_000)
  fill(queue, 2_250, `${'x'.repeat(4_000)}\n`)
  expect(queue.isDue(true)).toBe(true)
})
