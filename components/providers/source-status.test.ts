import { expect, test } from 'vitest'
import type { ImportView } from '@/lib/catalogue/schema'
import type { ProviderView } from '@/lib/providers/schema'
import { describeStatus } from './source-status'

const provider = { account: null, problem: null, stale: false, refreshedAt: '2026-01-01T00:00:00Z' } as ProviderView
const jobWith = (state: ImportView['state'], warning: string | null) =>
  ({ state, parts: [{ part: 'channels', warning }, { part: 'movies' }] }) as ImportView

test('D4-77: what was read all the same is said with its warning, behind what is worse', () => {
  const say = (job: ImportView | undefined, other: Partial<ProviderView> = {}) =>
    describeStatus({ ...provider, ...other } as ProviderView, job, Date.now())
  expect(say(jobWith('succeeded', 'A line is missing.'))).toEqual({ tone: 'warn', sentence: 'A line is missing.' })
  expect(say(jobWith('succeeded', null)).tone).toBe('ok')
  expect(say(undefined).tone).toBe('ok')
  expect(say(jobWith('running', 'A line is missing.')).tone).toBe('busy')
  const problem = { code: 'PROVIDER_DOWN', message: 'It does not answer.' } as ProviderView['problem']
  expect(say(jobWith('failed', 'A line is missing.'), { problem }).sentence).toBe('It does not answer.')
})
