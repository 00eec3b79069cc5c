import { expect, test } from 'vitest'
import type { NotificationsView } from '@/lib/notifications/schema'
import { isDone } from './tray'

const cleo = '00000000-0000-4000-8000-000000000001'
const dora = '00000000-0000-4000-8000-000000000002'

const listOf = (from: number, ...ids: [id: number, seen: boolean][]): NotificationsView => ({
  profileId: cleo,
  from,
  unseen: ids.filter(([, seen]) => !seen).length,
  notifications: ids.map(([id, seen]) => ({
    id,
    seen,
    kind: 'reminder' as const,
    others: 0,
    itemId: 1,
    channel: 'One',
    title: 'Film',
    subTitle: null,
    start: 0,
    stop: 0,
    createdAt: '',
    snoozable: false,
  })),
})
const few = listOf(0, [14, false], [12, true])
const part = listOf(12, [14, false], [12, true])

test.each([
  ['has been seen', 12, few, true],
  ['has not been seen', 14, few, false],
  ['was put away, between two listed ones', 13, few, true],
  ['was put away, before all that are listed', 5, few, true],
  ['is older than all that are listed of more', 5, part, false],
  ['is the oldest of those and has been seen', 12, part, true],
  ['came after the list was asked for', 201, few, false],
])('what %s', (_, id, list, expected) => {
  expect(isDone({ id, profileId: cleo }, list, 200)).toBe(expected)
})

test('what another profile was told of stays, and what does not say whose it is', () => {
  for (const id of [5, 12, 13, 14]) {
    expect(isDone({ id, profileId: dora }, few, 200)).toBe(false)
    expect(isDone({ id }, few, 200)).toBe(false)
  }
  expect(isDone(null, few, 200)).toBe(false)
})
