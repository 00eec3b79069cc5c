import { expect, test } from 'vitest'
import { createRenewal, createTurns } from './turns'

test('no more than allowed run at a time, in the order they came, and a failure gives its place on', async () => {
  const inTurn = createTurns(2)
  const order: number[] = []
  let running = 0
  let most = 0
  const work = (n: number) => async () => {
    running += 1
    most = Math.max(most, running)
    order.push(n)
    await new Promise(done => setTimeout(done, 5))
    running -= 1
    if (n === 1) throw new Error('one fails')
    return n
  }
  const results = await Promise.allSettled([0, 1, 2, 3, 4].map(n => inTurn(work(n))))
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled'])
  expect([most, running]).toEqual([2, 0])
  expect(order).toEqual([0, 1, 2, 3, 4])
})

test('news that come while the work runs lead to one more run, and a failure does not end the next ones', async () => {
  let runs = 0
  const renew = createRenewal(async () => {
    runs += 1
    await new Promise(done => setTimeout(done, 5))
    if (runs === 3) throw new Error('once')
  })
  await Promise.all([renew(), renew(), renew(), renew()])
  expect(runs).toBe(2)
  await expect(renew()).rejects.toThrow('once')
  await renew()
  expect(runs).toBe(4)
})
