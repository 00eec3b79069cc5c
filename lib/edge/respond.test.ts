import { expect, test } from 'vitest'
import { respondIfNew } from './respond'

const ask = (known?: string) => new Request('http://x/', known === undefined ? {} : { headers: { 'if-none-match': known } })

test('what the asker holds already is not sent again, whatever became of its name on the way', async () => {
  const first = respondIfNew(ask(), { a: 1 })
  const name = first.headers.get('etag') ?? ''
  expect([first.status, await first.json(), name]).toEqual([200, { a: 1 }, expect.stringMatching(/^"[\w-]{20,}"$/)])
  for (const known of [name, `W/${name}`, `"other", ${name}`]) {
    const again = respondIfNew(ask(known), { a: 1 })
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', name])
  }
})

test('another answer is sent whole, and no cache on the way keeps any', async () => {
  const name = respondIfNew(ask(), { a: 1 }).headers.get('etag') ?? ''
  const other = respondIfNew(ask(name), { a: 2 })
  expect([other.status, await other.json()]).toEqual([200, { a: 2 }])
  expect(other.headers.get('cache-control')).toBe('private, no-store')
  expect(respondIfNew(ask('*'), { a: 1 }).status).toBe(200)
})
