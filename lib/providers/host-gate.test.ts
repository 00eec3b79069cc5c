import { expect, test } from 'vitest'
import { shared } from '@/lib/platform/shared'
import { enterHost, noteFailure, noteRest, noteSuccess, releaseProbe, requireClosedCircuit } from './host-gate'

const open = expect.objectContaining({ code: 'PROVIDER_CIRCUIT_OPEN' })

test('two calls at a time; the third waits for a place', async () => {
  const { signal } = new AbortController()
  const [first] = await Promise.all([enterHost('h', signal), enterHost('h', signal)])
  let third = false
  const waiting = enterHost('h', signal).then(() => {
    third = true
  })
  await new Promise(resolve => setTimeout(resolve, 20))
  expect(third).toBe(false)
  first()
  first()
  await waiting
  expect(third).toBe(true)
})

test('a small call finds a place beside two lists, a third list does not', async () => {
  const { signal } = new AbortController()
  const places = await Promise.all([enterHost('s', signal), enterHost('s', signal)])
  const small = await enterHost('s', signal, true)
  let third = false
  const waiting = enterHost('s', signal).then(() => {
    third = true
  })
  places[0]?.()
  await new Promise(resolve => setTimeout(resolve, 10))
  expect(third).toBe(false)
  small()
  await waiting
})

test('a caller who leaves gives up its place in the queue', async () => {
  const { signal } = new AbortController()
  const leave = new AbortController()
  const [first] = await Promise.all([enterHost('q', signal), enterHost('q', signal)])
  const gone = enterHost('q', leave.signal)
  const next = enterHost('q', signal)
  leave.abort(new Error('left'))
  await expect(gone).rejects.toThrow('left')
  first()
  await next
})

test('five failures in 30 s open the circuit, then one probe in 30 s', () => {
  for (let i = 0; i < 5; i++) {
    requireClosedCircuit(['a'], 1_000 + i)
    noteFailure('a', 1_000 + i)
  }
  expect(() => requireClosedCircuit(['a'], 20_000)).toThrow(open)
  requireClosedCircuit(['a'], 31_100)
  expect(() => requireClosedCircuit(['a'], 31_101)).toThrow(open)
  noteFailure('a', 31_200)
  expect(() => requireClosedCircuit(['a'], 60_000)).toThrow(open)
  requireClosedCircuit(['a'], 61_300)
  noteSuccess('a')
  requireClosedCircuit(['a'], 61_301)
})

test('failures far apart do not open it', () => {
  for (let i = 0; i < 20; i++) {
    requireClosedCircuit(['b'], i * 10_000)
    noteFailure('b', i * 10_000)
  }
})

test('rest that was asked for is given', () => {
  noteRest('c', 7, 1_000)
  expect(() => requireClosedCircuit(['c'], 3_000)).toThrow(expect.objectContaining({ code: 'PROVIDER_BUSY', retryAfter: 5 }))
  requireClosedCircuit(['c'], 8_001)
})

test('a call that one of its keys refuses does not take the probe of the other', () => {
  for (let i = 0; i < 5; i++) noteFailure('d', i)
  noteRest('d|films', 60, 1_000)
  expect(() => requireClosedCircuit(['d', 'd|films'], 40_000)).toThrow(expect.objectContaining({ code: 'PROVIDER_BUSY' }))
  requireClosedCircuit(['d', 'd|series'], 40_001)
  expect(() => requireClosedCircuit(['d', 'd|series'], 40_002)).toThrow(open)
})

test('nothing is kept of a login of which nothing is known', () => {
  requireClosedCircuit(['e'])
  releaseProbe('e')
  expect(shared('provider-gates', () => ({ circuits: new Map() })).circuits.has('e')).toBe(false)
})
