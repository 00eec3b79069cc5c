import { expect, test } from 'vitest'
import { type ErrorCode, errorCodes } from '@/lib/kernel/error-codes'
import { toFailure } from './engine/failure'
import { describeFailure } from './failure-text'

const codes = Object.keys(errorCodes) as ErrorCode[]

test.each(codes)('%s says what happened, what to do, and offers a way out', code => {
  const text = describeFailure(toFailure(code, ''))
  for (const words of [text.title, text.what, text.next]) {
    expect(words.length).toBeGreaterThan(8)
    expect(words).not.toMatch(/!|error occurred|invalid/i)
  }
  expect(text.actions).toContain('back')
})

test('the sentence of the server is more exact than ours', () => {
  expect(describeFailure(toFailure('PROVIDER_LIMIT', '', 'In use on Living room TV.')).what).toBe('In use on Living room TV.')
})

test('another try is offered only where it can help', () => {
  expect(describeFailure(toFailure('CODEC_UNSUPPORTED', '')).actions).not.toContain('again')
  expect(describeFailure(toFailure('UPSTREAM_STALLED', '')).actions[0]).toBe('again')
})
