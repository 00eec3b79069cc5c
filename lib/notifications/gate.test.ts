import { expect, test, vi } from 'vitest'
import { makeGate } from './gate'

const soon = () => new Promise(done => setImmediate(done))

test('as many as there are places go in at once, the others one for one and in their order', async () => {
  const gate = makeGate(2, 60_000)
  const inside: string[] = []
  const leaves = new Map<string, () => void>()
  for (const name of ['a', 'b', 'c', 'd'])
    void gate().then(leave => {
      inside.push(name)
      leaves.set(name, leave)
    })
  await soon()
  expect(inside).toEqual(['a', 'b'])
  leaves.get('b')?.()
  leaves.get('b')?.()
  await soon()
  expect(inside, 'leaving twice makes one place').toEqual(['a', 'b', 'c'])
  for (const name of ['a', 'c']) leaves.get(name)?.()
  await soon()
  expect(inside).toEqual(['a', 'b', 'c', 'd'])
  leaves.get('d')?.()
})

test('who stays long does not keep the others out', async () => {
  vi.useFakeTimers()
  const gate = makeGate(1, 50)
  await gate()
  const second = gate()
  await vi.advanceTimersByTimeAsync(50)
  await expect(second).resolves.toBeTypeOf('function')
  vi.useRealTimers()
})
