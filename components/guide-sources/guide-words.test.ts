import { expect, test } from 'vitest'
import { GuideProgress, type GuideSourceView } from '@/lib/epg/schema'
import { describeGuide, priorityChoices, sayShift, shiftChoices } from './guide-words'

const source: GuideSourceView = {
  id: 1,
  providerId: null,
  name: 'Extra',
  priority: 10,
  shiftMinutes: 0,
  refreshHours: 24,
  address: 'https://guide.example',
  isFile: false,
  platform: false,
  mine: true,
  channels: 120,
  state: 'idle',
  progress: GuideProgress.parse({ programmes: 5, bytes: 2_400_000 }),
  refreshedAt: new Date(0).toISOString(),
  problem: null,
  version: 1,
}

test('a guide says how it is', () => {
  const say = (change: Partial<GuideSourceView>) => describeGuide({ ...source, ...change }, 30_000)
  expect(say({})).toEqual({ tone: 'ok', sentence: '120 channels, read just now.' })
  expect(say({ state: 'queued' }).sentence).toBe('Waiting to be read.')
  expect(say({ state: 'running' }).sentence).toBe('Reading: 5 programmes, 2 MB.')
  expect(say({ problem: { code: 'EPG_EMPTY', message: 'The TV guide is empty.' } })).toEqual({
    tone: 'warn',
    sentence: 'The TV guide is empty.',
  })
  expect(say({ refreshedAt: null }).sentence).toBe('Not read yet.')
})

test('shifts are said in hours and minutes, and what is set can always be chosen', () => {
  expect([0, 60, -30, 345].map(sayShift)).toEqual(['As the guide says', '1 h later', '30 min earlier', '5 h 45 min later'])
  expect(shiftChoices(345).map(({ value }) => value)).toContain('345')
  expect(priorityChoices(10)).toHaveLength(4)
  expect(priorityChoices(7).at(-1)).toEqual({ value: '7', label: 'At place 7' })
})
