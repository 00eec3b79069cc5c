import { expect, test } from 'vitest'
import { createSupplyWatch, type SupplyWatch } from './supply'

const playlist = {}
const segment = {}

/** What is seen after these events, each so many ms after the one before. */
function see(listedEnd: number | null, events: readonly (readonly [number, (watch: SupplyWatch) => void])[]) {
  let now = 0
  const watch = createSupplyWatch(() => now)
  for (const [later, event] of events) {
    now += later
    event(watch)
  }
  return watch.read(listedEnd, 20)
}

test.each([
  ['used-up', 20.2, [[0, watch => watch.asked(playlist, false)] as const, [200, watch => watch.ended(playlist, true)] as const]],
  ['used-up', 20.2, [[0, watch => watch.asked(playlist, false)] as const, [2_000, () => {}] as const]],
  ['silent', 20.2, [[0, watch => watch.asked(playlist, false)] as const, [3_000, () => {}] as const]],
  ['silent', 20.2, [[3_000, watch => watch.ended(playlist, false)] as const]],
  ['awaited', 26, [[0, watch => watch.asked(segment, true)] as const]],
  ['awaited', 26, [[0, watch => watch.asked(segment, true)] as const, [300, watch => watch.ended(playlist, true)] as const]],
  ['used-up', 26, [[0, watch => watch.asked(segment, true)] as const, [700, watch => watch.ended(playlist, true)] as const]],
  ['awaited', null, [[0, watch => watch.asked(segment, true)] as const, [700, watch => watch.ended(playlist, true)] as const]],
  ['arriving', 26, [[0, watch => watch.asked(segment, true)] as const, [100, watch => watch.begun(segment)] as const]],
  [
    'arriving',
    26,
    [[0, watch => watch.asked(segment, true)] as const, [9, watch => watch.begun(segment)] as const, [5_000, () => {}] as const],
  ],
  ['awaited', null, [[0, watch => watch.asked(segment, true)] as const, [9_000, () => {}] as const]],
  [null, 26, [[0, watch => watch.asked(segment, true)] as const, [100, watch => watch.ended(segment, true)] as const]],
] as const satisfies readonly (readonly [string | null, number | null, Parameters<typeof see>[1]])[])(
  'it is %s with a list to %s s and 20 s in hand',
  (supply, listedEnd, events) => expect(see(listedEnd, events)).toBe(supply),
)

test('what was asked for before another address was loaded is forgotten', () => {
  expect(see(26, [[0, watch => watch.asked(segment, true)] as const, [9, watch => watch.reset()] as const])).toBeNull()
})
