import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { keepAwake } from './stay-awake'

let page: EventTarget & { visibilityState: string }
let held: number
let asked: number
let isRefused: boolean
let answers: (() => void)[]

beforeEach(() => {
  page = Object.assign(new EventTarget(), { visibilityState: 'visible' })
  held = 0
  asked = 0
  isRefused = false
  answers = []
  const request = async () => {
    asked++
    if (isRefused) throw new DOMException('low battery', 'NotAllowedError')
    await new Promise<void>(done => answers.push(done))
    held++
    let isHeld = true
    return {
      release: async () => {
        if (isHeld) held--
        isHeld = false
      },
    }
  }
  vi.stubGlobal('document', page)
  vi.stubGlobal('navigator', { wakeLock: { request } })
})
afterEach(() => void vi.unstubAllGlobals())

const settle = () => new Promise(done => setTimeout(done))
async function answer(): Promise<void> {
  for (const done of answers.splice(0)) done()
  await settle()
}
function turn(state: string): void {
  page.visibilityState = state
  page.dispatchEvent(new Event('visibilitychange'))
}

test('the lock is held until it is let go of', async () => {
  const letGo = keepAwake()
  await answer()
  expect(held).toBe(1)
  letGo()
  await settle()
  expect(held).toBe(0)
})

test('it is asked for again when the page is seen again, and held once', async () => {
  const letGo = keepAwake()
  await answer()
  turn('hidden')
  expect(asked).toBe(1)
  turn('visible')
  turn('visible')
  await answer()
  expect([asked, held]).toEqual([3, 1])
  letGo()
  turn('visible')
  await settle()
  expect([asked, held]).toEqual([3, 0])
})

test('what comes too late is given back', async () => {
  keepAwake()()
  await answer()
  expect(held).toBe(0)
})

test('a refusal, and a browser that knows nothing of it, harm nobody', async () => {
  isRefused = true
  keepAwake()()
  await settle()
  vi.stubGlobal('navigator', {})
  keepAwake()()
  expect(asked).toBe(1)
})
