import { expect, test } from 'vitest'
import { makeRound } from './plan-round'

const profiles = ['a', 'b', 'c', 'd'].map(profileId => ({ profileId }))
const never = new AbortController().signal

/** Stops itself after the second profile. */
function stopAfterTwo() {
  const stop = new AbortController()
  let left = 2
  return { signal: stop.signal, count: () => --left === 0 && stop.abort() }
}

test('a round that was stopped goes on after its last profile, and ends with all', async () => {
  const planned: string[] = []
  let count: () => unknown = () => undefined
  const run = makeRound<{ profileId: string }>({
    plan: async ({ profileId }) => {
      planned.push(profileId)
      count()
    },
    onFailure: () => undefined,
  })
  const first = stopAfterTwo()
  count = first.count
  await run(profiles, first.signal)
  expect(planned.splice(0)).toEqual(['a', 'b'])
  count = () => undefined
  await run(profiles, never)
  expect(planned.splice(0)).toEqual(['c', 'd', 'a', 'b'])
  await run(profiles, never)
  expect(planned).toEqual(['a', 'b', 'c', 'd'])
})

test('one that fails is told of and stops nobody; when all fail, the round fails', async () => {
  const planned: string[] = []
  const failed: string[] = []
  let broken = 'a'
  const run = makeRound<{ profileId: string }>({
    plan: async ({ profileId }) => {
      if (broken.includes(profileId)) throw new Error(`no ${profileId}`)
      planned.push(profileId)
    },
    onFailure: ({ profileId }, error) => failed.push(`${profileId}: ${(error as Error).message}`),
  })
  await run(profiles, never)
  expect([planned, failed]).toEqual([['b', 'c', 'd'], ['a: no a']])
  broken = 'abcd'
  await expect(run(profiles, never)).rejects.toThrow('no d')
})
