import { expect, test } from 'vitest'
import { nextPhase, type Phase, type PhaseEvent } from './phase'

function walk(...events: PhaseEvent[]): Phase {
  return events.reduce<Phase>(nextPhase, 'idle')
}

test('an opened stream loads and then plays', () => {
  expect(walk('open')).toBe('loading')
  expect(walk('open', 'moving')).toBe('playing')
})

test('waiting for the first picture is loading, not buffering', () => {
  expect(walk('open', 'starved')).toBe('loading')
})

test('a starved stream recovers by itself', () => {
  expect(walk('open', 'moving', 'starved', 'moving')).toBe('playing')
})

test('a pause during buffering wins over a late "waiting"', () => {
  expect(walk('open', 'moving', 'starved', 'halted', 'starved')).toBe('paused')
})

test('late events of a broken stream do not bring it back', () => {
  expect(walk('open', 'broken', 'moving')).toBe('failed')
  expect(walk('open', 'broken', 'open')).toBe('loading')
})

test('nothing but opening leaves idle', () => {
  expect(walk('moving', 'starved', 'broken', 'finished')).toBe('idle')
  expect(walk('open', 'moving', 'closed', 'moving')).toBe('idle')
})

test('seeking back from the end plays again', () => {
  expect(walk('open', 'moving', 'finished', 'moving')).toBe('playing')
})
