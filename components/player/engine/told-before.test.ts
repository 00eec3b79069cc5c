import { expect, test } from 'vitest'
import { parseTold } from './told-before'

const decoders = [{ codec: 'h264' as const, bitDepth: 8 as const, height: 1080, fastHeight: 720 }]
const stored = JSON.stringify({ agent: 'Browser/1', decoders, keySystems: [] })

test('what this version of the browser told is known again', () => {
  expect(parseTold(stored, 'Browser/1')).toEqual({ decoders, keySystems: [] })
})

test.each([
  ['another version', stored, 'Browser/2'],
  ['nothing', null, 'Browser/1'],
  ['half a text', '{"agent":', 'Browser/1'],
  ['another form', JSON.stringify({ agent: 'Browser/1', decoders: 'all' }), 'Browser/1'],
])('%s counts as nothing', (_name, text, agent) => {
  expect(parseTold(text, agent)).toEqual({})
})
