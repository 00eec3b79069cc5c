import { expect, test } from 'vitest'
import { GroupWatch } from './group-watch'

/** `o` is a key frame of an open group, `i` an IDR: what is thought after each. */
test.each([
  ['oooo', 'oooo', 'no IDR at all, from the first on'],
  ['iiii', 'iiii', 'nothing else'],
  ['oioi', 'oiii', 'every other one'],
  ['iooiooi', 'iiiiiii', 'every third one'],
  ['iooo', 'iiio', 'hardly any'],
  ['oooio', 'ooooo', 'hardly any, and it stays so'],
])('%s is %s: %s', (frames, thought) => {
  const watch = new GroupWatch()
  expect([...frames].map(frame => (watch.see(frame === 'o') ? 'o' : 'i')).join('')).toBe(thought)
})
