import { expect, test } from 'vitest'
import { listKeySystems } from './key-systems'

test('what a browser gives access to is what it unlocks', async () => {
  const asked: string[] = []
  const found = await listKeySystems(async system => {
    asked.push(system)
    if (system !== 'org.w3.clearkey' && system !== 'com.widevine.alpha') throw new DOMException('no', 'NotSupportedError')
  })
  expect(found).toEqual(['com.widevine.alpha', 'org.w3.clearkey'])
  expect(asked).toHaveLength(4)
})

test('a browser without the interface unlocks nothing', async () => {
  expect(await listKeySystems(undefined)).toEqual([])
})
