import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import { rowsQuery } from './queries'
import { shownSince } from './shown-since'

test('a list that stands in for that of another filter has no time of its own', () => {
  const client = new QueryClient()
  client.setQueryData(rowsQuery({}).queryKey, { ids: [1], more: false, archiveDays: 0 }, { updatedAt: 5_000 })
  const observer = new QueryObserver(client, { ...rowsQuery({}), enabled: false })
  const end = observer.subscribe(() => undefined)
  expect(shownSince(observer.getCurrentResult())).toBe(5_000)
  observer.setOptions({ ...rowsQuery({ text: 'news' }), enabled: false })
  expect(observer.getCurrentResult().data).toEqual({ ids: [1], more: false, archiveDays: 0 })
  expect(shownSince(observer.getCurrentResult())).toBeNull()
  end()
})
