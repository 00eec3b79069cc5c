import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isReservedName } from '@/lib/accounts/schema'

/** First segments of the addresses that the folders below `app` make; groups in brackets make none. */
function* firstSegments(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name.startsWith('[')) continue
    if (entry.name.startsWith('(')) yield* firstSegments(join(folder, entry.name))
    else yield entry.name
  }
}

test('nobody can have a user name that is the first part of an address of ours (reliability.md B36)', () => {
  const segments = [...firstSegments('app')]
  expect(segments).toContain('watch')
  expect(segments.filter(name => !isReservedName(name))).toEqual([])
})
