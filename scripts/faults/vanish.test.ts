import { expect, test } from 'vitest'
import { layCable } from './vanish.mjs'

test('a cable that cannot be laid to its end is taken away again', () => {
  const made: string[][] = []
  const run = (...args: string[]) => {
    made.push(args)
    if (args.includes('addr')) throw new Error('not here')
  }
  expect(() => layCable(run)).toThrow('not here')
  const name = made[0]?.at(-1)
  expect(made.at(-1)).toEqual(['netns', 'del', name])
})

test('where there is no namespace there is nothing to take away', () => {
  const made: string[][] = []
  const run = (...args: string[]) => {
    made.push(args)
    throw new Error('not allowed')
  }
  expect(() => layCable(run)).toThrow('not allowed')
  expect(made).toHaveLength(1)
})
